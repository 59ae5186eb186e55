#include "crypto/sealed_box.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/hex.hpp"

namespace pamoja::crypto {
namespace {

const std::string context = "users.totp:42";
const std::string root_line = "root " + std::string(64, '0') + "\n";
const std::string key_line = "key k1 " + to_hex(std::string(32, '\x07')) + "\n";

// Gives nines, so that a known value comes out.
class NineRandom : public Random {
  public:
    void fill(std::span<unsigned char> bytes) override { std::fill(bytes.begin(), bytes.end(), '\x09'); }
};

TEST(SealedBox, IsAes256GcmInItsDocumentedForm) {
    NineRandom random;
    // Computed with another implementation: key 32 * 07, nonce 12 * 09, bound to "v1.k1.users.totp:42".
    const std::string known = "v1.k1.CQkJCQkJCQkJCQkJbcfXw-fDhTHlKptz1br7j_LCihRCDlFiULk3V5yGXNQ";
    const auto keyring = Keyring::parse(root_line + key_line);
    EXPECT_EQ(seal(keyring, "JBSWY3DPEHPK3PXP", context, random), known);
    EXPECT_EQ(open(keyring, known, context), "JBSWY3DPEHPK3PXP");
}

TEST(SealedBox, OpensWhatItSealedAndHidesEqualValues) {
    SeededRandom random(1);
    const auto keyring = Keyring::generate(random);
    for (const std::string& plain :
         {std::string(), std::string("x"), std::string("a\0b", 3), std::string(100'000, 'y')}) {
        EXPECT_EQ(open(keyring, seal(keyring, plain, context, random), context), plain);
    }
    EXPECT_NE(seal(keyring, "x", context, random), seal(keyring, "x", context, random));
}

TEST(SealedBox, DoesNotOpenInAnotherPlace) {
    SeededRandom random(1);
    const auto keyring = Keyring::generate(random);
    const std::string sealed = seal(keyring, "secret", context, random);
    EXPECT_EQ(open(keyring, sealed, "users.totp:43"), std::nullopt);
    EXPECT_EQ(open(keyring, sealed, ""), std::nullopt);
    EXPECT_EQ(open(Keyring::generate(random), sealed, context), std::nullopt);
}

TEST(SealedBox, DoesNotOpenWhenAnyCharacterIsAnother) {
    SeededRandom random(1);
    const auto keyring = Keyring::generate(random);
    const std::string sealed = seal(keyring, "secret", context, random);
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        std::string altered = sealed;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        EXPECT_EQ(open(keyring, altered, context), std::nullopt) << i;
        EXPECT_EQ(open(keyring, sealed.substr(0, i), context), std::nullopt) << i;
    }
    EXPECT_EQ(open(keyring, sealed + "A", context), std::nullopt);
    EXPECT_EQ(open(keyring, sealed + ".A", context), std::nullopt);
}

TEST(SealedBox, OpensUnderOldKeysAndAsksToBeSealedAgain) {
    SeededRandom random(1);
    const auto before = Keyring::parse(root_line + key_line);
    const auto after = Keyring::parse(root_line + key_line + "key k2 " + std::string(64, '2') + "\n");
    const std::string sealed = seal(before, "secret", context, random);
    EXPECT_EQ(open(after, sealed, context), "secret");
    EXPECT_TRUE(needs_reseal(after, sealed));
    EXPECT_FALSE(needs_reseal(after, seal(after, "secret", context, random)));
    EXPECT_EQ(open(before, seal(after, "secret", context, random), context), std::nullopt);
}

}  // namespace
}  // namespace pamoja::crypto
