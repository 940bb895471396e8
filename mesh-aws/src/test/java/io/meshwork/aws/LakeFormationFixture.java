package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** An emulator for a class of tests, and accounts with Lake Formation that each test makes. */
abstract class LakeFormationFixture {
  static AwsEmulator aws;
  LakeFormationAccounts accounts;

  @BeforeAll
  static void start() {
    AwsLocal.emulator();
    aws = AwsEmulator.start();
  }

  @AfterAll
  static void stop() {
    if (aws != null) { // null if the emulator is missing
      aws.close();
    }
  }

  @AfterEach
  void close() {
    if (accounts != null) {
      accounts.close();
    }
  }
}
