#include "crypto/password_hash.hpp"

#include <gtest/gtest.h>

namespace pamoja::crypto {
namespace {

// Of the reference implementation: "password" with the salt "somesalt".
const std::string reference_hash =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

TEST(PasswordHash, VerifiesThePasswordThatItWasMadeOfAndNoOther) {
    SeededRandom random(1);
    const std::string hash = hash_password("TestPass123!", random);
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    EXPECT_TRUE(verify_password("TestPass123!", hash));
    for (std::string_view other : {"", "testpass123!", "TestPass123! ", "TestPass123"}) {
        EXPECT_FALSE(verify_password(other, hash)) << other;
    }
    EXPECT_NE(hash, hash_password("TestPass123!", random));
}

TEST(PasswordHash, CountsEveryByte) {
    SeededRandom random(2);
    const std::string long_password = std::string(80, 'x') + "1";
    const std::string hash = hash_password(long_password, random);
    EXPECT_TRUE(verify_password(long_password, hash));
    EXPECT_FALSE(verify_password(std::string(80, 'x') + "2", hash));
    const std::string with_zero("a\0b", 3);
    EXPECT_FALSE(verify_password(std::string("a\0c", 3), hash_password(with_zero, random)));
}

TEST(PasswordHash, ReadsHashesOfTheReferenceImplementation) {
    EXPECT_TRUE(verify_password("password", reference_hash));
    EXPECT_FALSE(verify_password("Password", reference_hash));
    EXPECT_TRUE(needs_rehash(reference_hash));
}

TEST(PasswordHash, RefusesWhatItWouldNotHaveWrittenWithoutComputingIt) {
    const auto computed_before = password_hashes_computed();
    for (std::string hash :
         {"", "plain", "$2b$10$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=19456,t=2,p=1$c29t$CTFh",
          "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=19456,t=9999,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
          "$argon2id$v=19$m=19456,t=2$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"}) {
        EXPECT_FALSE(verify_password("password", hash)) << hash;
    }
    EXPECT_EQ(password_hashes_computed(), computed_before);
}

TEST(PasswordHash, CostsOneComputationWhetherThePersonExistsOrNot) {
    SeededRandom random(3);
    const std::string hash = hash_password("TestPass123!", random);
    const auto start = password_hashes_computed();
    verify_password("wrong", hash);
    EXPECT_EQ(password_hashes_computed(), start + 1);
    verify_password_of_nobody("wrong");
    EXPECT_EQ(password_hashes_computed(), start + 2);
}

TEST(PasswordHash, NeedsNoRehashWhileTheParametersAreTodays) {
    SeededRandom random(4);
    EXPECT_FALSE(needs_rehash(hash_password("TestPass123!", random)));
}

}  // namespace
}  // namespace pamoja::crypto
