package io.meshwork.aws;

import org.junit.jupiter.api.AfterEach;

/** An emulator for a class of tests, and accounts with Lake Formation that each test makes. */
abstract class LakeFormationFixture extends EmulatorFixture {
  LakeFormationAccounts accounts;

  @AfterEach
  void close() {
    if (accounts != null) {
      accounts.close();
    }
  }
}
