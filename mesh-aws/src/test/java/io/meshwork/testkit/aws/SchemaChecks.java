package io.meshwork.testkit.aws;

/** Delays or fails the checks of new versions in the Schema Registry of an emulator. */
public final class SchemaChecks {
  private SchemaChecks() {}

  /** Leaves new versions pending until {@link #release}. */
  public static void hold(AwsEmulator aws) {
    aws.schemas().hold();
  }

  /** Completes the checks that {@link #hold} delayed. */
  public static void release(AwsEmulator aws) {
    aws.schemas().release();
  }

  /** Lets the check of the next new version fail. */
  public static void failNext(AwsEmulator aws) {
    aws.schemas().failNext();
  }
}
