package io.meshwork.aws.internal.s3;

/** What the bucket of an account removes by itself. */
public final class BucketLifecycle {
  /** The ID of the rule. */
  public static final String RULE = "mesh-leftovers";

  /** How many days after its start an upload that was not completed is removed. */
  public static final int UPLOAD_DAYS = 7;

  /** How many days after it was replaced or deleted a version is removed. */
  public static final int NONCURRENT_DAYS = 30;

  private BucketLifecycle() {}
}
