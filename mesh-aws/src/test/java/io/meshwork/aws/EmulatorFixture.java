package io.meshwork.aws;

import io.meshwork.testkit.aws.AwsEmulator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** An emulator for a class of tests, which is skipped loudly where the servers are missing. */
public abstract class EmulatorFixture {
  public static AwsEmulator aws;

  @BeforeAll
  static void startEmulator() {
    AwsLocal.emulator();
    aws = AwsEmulator.start();
  }

  @AfterAll
  static void closeEmulator() {
    if (aws != null) { // null if the servers are missing
      aws.close();
    }
  }
}
