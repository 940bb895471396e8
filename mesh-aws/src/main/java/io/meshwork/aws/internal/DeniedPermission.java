package io.meshwork.aws.internal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * The permission that AWS names in the text of a denial: {@code User: <ARN> is not authorized to
 * perform: <action> on resource: <ARN> because <reason>}. Only its parts with a known form are
 * used: the text may also quote keys, which contain values.
 *
 * @param caller the principal, such as {@code 222222222222/commerce-etl}; null if it is not a role
 * @param action the IAM action, such as {@code kms:GenerateDataKey}
 * @param resource the ARN of a KMS key, a table, a role, or a bucket; null for others
 * @param reason the policy that decided, such as {@code no identity-based policy allows it}; null
 *     if AWS does not name it
 */
public record DeniedPermission(
    @Nullable String caller, String action, @Nullable String resource, @Nullable String reason) {
  private static final Pattern DENIAL =
      Pattern.compile(
          "not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)"
              + "(?: on resource: \"?(arn:[a-z-]+:(?:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+"
              + "|dynamodb:[a-z0-9-]+:[0-9]{12}:table/[0-9A-Za-z_.-]+"
              + "|iam::[0-9]{12}:role/[\\w+=,.@/-]+"
              + "|s3:::[a-z0-9.-]+(?=[ \"]|$))))?");
  private static final Pattern CALLER =
      Pattern.compile("User: arn:[a-z-]+:sts::([0-9]{12}):assumed-role/([\\w+=,.@-]+)/");
  private static final Pattern MISSING =
      Pattern.compile("because no ([a-z -]+ policy|[a-z]+ boundary) allows");
  private static final Pattern DENYING =
      Pattern.compile("with an explicit deny in an? ([a-z -]+ policy|[a-z]+ boundary)");

  private static final String DENIES = " denies it";

  /** DynamoDB quotes the answer of KMS. */
  private static final String KEY_OF_TABLE = "KMS key access denied";

  /** Returns the permission; empty if the text does not name it. */
  public static Optional<DeniedPermission> of(RuntimeException failure) {
    String text =
        failure instanceof AwsServiceException response && response.awsErrorDetails() != null
            ? response.awsErrorDetails().errorMessage()
            : null;
    if (text == null) {
      return Optional.empty();
    }
    Matcher denial = DENIAL.matcher(text);
    if (denial.find()) {
      return Optional.of(
          new DeniedPermission(callerIn(text), denial.group(1), denial.group(2), reasonIn(text)));
    }
    return text.startsWith(KEY_OF_TABLE)
        ? Optional.of(new DeniedPermission(null, "kms:Decrypt", null, null))
        : Optional.empty();
  }

  /**
   * Returns which permission a caller lacks, if the text of a denial names it.
   *
   * @param caller a role, or words for it
   */
  public static String sentence(Object caller, RuntimeException denial) {
    return caller
        + " lacks "
        + of(denial).map(denied -> "the permission " + denied.action()).orElse("a permission");
  }

  /** Returns true if KMS denied the use of a key, which S3 and DynamoDB ask for their callers. */
  public boolean isOfKey() {
    return action.startsWith("kms:");
  }

  /** Returns true if a statement with the effect Deny decided, which no Allow overrides. */
  public boolean isExplicit() {
    return reason != null && reason.endsWith(DENIES);
  }

  private static @Nullable String callerIn(String text) {
    Matcher role = CALLER.matcher(text);
    return role.find() ? role.group(1) + "/" + role.group(2) : null;
  }

  private static @Nullable String reasonIn(String text) {
    Matcher missing = MISSING.matcher(text);
    if (missing.find()) {
      return "no " + missing.group(1) + " allows it";
    }
    Matcher denying = DENYING.matcher(text);
    return denying.find() ? "the " + denying.group(1) + DENIES : null;
  }
}
