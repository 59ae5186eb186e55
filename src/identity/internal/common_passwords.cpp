#include "identity/internal/common_passwords.hpp"

#include <array>
#include <string>
#include <unordered_set>

namespace pamoja::identity {
namespace {

constexpr std::size_t length_min = 8;  // shorter ones are refused anyway

constexpr std::array words{
    // What the field asks for, and what a door says.
    "password", "passcode", "passwort", "passw", "pass", "secret", "login", "letmein", "welcome", "access",
    "admin", "administrator", "root", "user", "guest", "test", "tester", "default", "changeme", "temp",
    "master", "superman", "batman", "shadow", "dragon", "monkey", "tiger", "lion", "eagle", "falcon",
    "phoenix", "hunter", "ranger", "killer", "ninja", "wizard", "pirate", "soldier", "captain", "knight",
    // Feelings, people, faith.
    "love", "iloveyou", "lovely", "loveme", "sweet", "sweetheart", "honey", "baby", "babygirl", "princess",
    "prince", "queen", "king", "angel", "jesus", "jesuschrist", "christ", "godisgood", "blessed", "blessing",
    "faith", "grace", "hope", "peace", "heaven", "mother", "father", "family", "friend", "forever", "happy",
    "smile", "lucky", "freedom", "success", "winner", "champion", "legend", "trustno", "whatever",
    // First names that are common where our customers are, and elsewhere.
    "john", "james", "peter", "david", "daniel", "michael", "joseph", "samuel", "brian", "kevin", "dennis",
    "victor", "george", "charles", "robert", "thomas", "andrew", "jessica", "jennifer", "ashley", "michelle",
    "nicole", "mary", "grace", "faith", "mercy", "joyce", "jane", "alice", "esther", "wanjiku", "kamau",
    "njoroge", "mwangi", "otieno", "achieng", "wambui", "kipchoge", "chidi", "emeka", "ngozi", "amina",
    "fatima", "ibrahim", "yusuf", "musa", "adebayo", "oluwa", "chinedu", "blessing",
    // Places, money, clubs, things.
    "kenya", "nairobi", "mombasa", "kisumu", "nakuru", "africa", "nigeria", "lagos", "abuja", "uganda",
    "kampala", "tanzania", "london", "america", "money", "mpesa", "safaricom", "airtel", "mobile", "bank",
    "loan", "business", "arsenal", "chelsea", "liverpool", "manchester", "united", "barcelona", "madrid",
    "football", "soccer", "baseball", "basketball", "hockey", "computer", "internet", "google", "facebook",
    "samsung", "nokia", "iphone", "android", "windows", "pokemon", "starwars", "matrix", "mustang", "ferrari",
    "mercedes", "toyota", "harley", "yamaha", "summer", "winter", "spring", "autumn", "monday", "friday",
    "sunday", "january", "december", "sunshine", "rainbow", "flower", "chocolate", "cookie", "banana",
    "orange", "coffee", "purple", "yellow", "silver", "golden", "diamond", "music", "guitar", "hello",
    "qwerty", "azerty", "asdf", "zxcvbn", "qazwsx", "abcd", "abc", "qwe", "asd", "zxc", "abcdef"};

constexpr std::array endings{"",      "1",     "2",    "12",    "123",  "1234", "12345", "123456", "321",
                             "007",   "111",   "666",  "777",   "69",   "99",   "00",    "01",     "11",
                             "22",    "2020",  "2021", "2022",  "2023", "2024", "2025",  "2026",   "!",
                             "1!",    "12!",   "123!", "1234!", "@123", "#123", "@1",    "@1234",  "$",
                             "2025!", "2026!", "254",  "254!",  "you",  "me"};

constexpr std::array keyboard_rows{"1234567890", "qwertyuiop", "asdfghjkl",
                                   "zxcvbnm",    "0987654321", "poiuytrewq",
                                   "lkjhgfdsa",  "mnbvcxz",    "abcdefghijklmnopqrstuvwxyz"};
constexpr std::array keyboard_blocks{"1q2w3e4r5t6y", "q1w2e3r4t5y6", "1qaz2wsx3edc", "qazwsxedcrfv",
                                     "zaq12wsxcde3", "1a2s3d4f5g6h", "a1b2c3d4e5f6", "1z2x3c4v5b6n",
                                     "qweasdzxc123", "123qweasdzxc", "asd123456789", "qwe123456789",
                                     "abc123456789", "123abc456def", "qwer1234asdf", "asdf1234qwer"};

// One spelling for all that look alike, so that P@ssw0rd is password.
char plain(char c) {
    if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
    switch (c) {
        case '@':
        case '4':
            return 'a';
        case '0':
            return 'o';
        case '3':
            return 'e';
        case '1':
            return 'i';
        case '5':
        case '$':
            return 's';
        case '7':
            return 't';
        default:
            return c;
    }
}

std::string plain_text(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = plain(c);
    return result;
}

class CommonPasswords {
  public:
    CommonPasswords() {
        add_words();
        add_keyboard_runs();
        add_repetitions();
        add_dates();
    }

    bool contains(std::string_view password) const { return known_.contains(plain_text(password)); }
    std::size_t size() const { return known_.size(); }

  private:
    void add(std::string_view password) {
        if (password.size() >= length_min) known_.insert(plain_text(password));
    }

    void add_words() {
        for (const std::string word : words) {
            for (const char* ending : endings) add(word + ending);
            add(word + word);
            add("my" + word);
            add("the" + word);
            add("123" + word);
            add(word + "." + word);
        }
    }

    void add_keyboard_runs() {
        for (const std::string row : keyboard_rows) {
            const std::string twice = row + row;
            for (std::size_t start = 0; start < row.size(); ++start) {
                for (std::size_t length = length_min; start + length <= twice.size() && length <= 12;
                     ++length) {
                    add(twice.substr(start, length));
                }
            }
            for (const char* ending : endings) add(row.substr(0, 6) + ending);
        }
        for (const std::string block : keyboard_blocks) {
            for (std::size_t length = length_min; length <= block.size(); ++length)
                add(block.substr(0, length));
        }
    }

    void add_repetitions() {
        for (char c = '!'; c <= '~'; ++c) {
            for (std::size_t length = length_min; length <= 12; ++length) add(std::string(length, c));
        }
        for (const std::string unit :
             {"12",  "123", "1234", "12345", "21",   "1122", "112233", "123321", "789", "159",  "147",
              "258", "369", "abc",  "abcd",  "xyz",  "qwe",  "asd",    "zxc",    "ab",  "love", "ha",
              "la",  "no",  "pass", "test",  "2580", "1379", "007",    "69",     "10",  "20"}) {
            std::string text = unit;
            while (text.size() < length_min) text += unit;
            add(text);
            add(text + unit);
        }
        for (const char* digits :
             {"147258369", "123123123", "987654321", "1029384756", "123654789", "789456123", "741852963",
              "159753258", "159357456", "112233445566", "11223344", "12344321", "123454321", "13579246",
              "24681357", "135792468", "246813579", "14725836"}) {
            add(digits);
        }
    }

    // Years that stand alone twice, and days of birth written as eight digits at round dates.
    void add_dates() {
        for (int year = 1950; year <= 2030; ++year) {
            const std::string text = std::to_string(year);
            add(text + text);
            add("0101" + text);
            add(text + "0101");
            add("3112" + text);
        }
    }

    std::unordered_set<std::string> known_;
};

const CommonPasswords& common_passwords() {
    static const CommonPasswords passwords;
    return passwords;
}

}  // namespace

bool is_common_password(std::string_view password) {
    return common_passwords().contains(password);
}

std::size_t common_passwords_known() {
    return common_passwords().size();
}

}  // namespace pamoja::identity
