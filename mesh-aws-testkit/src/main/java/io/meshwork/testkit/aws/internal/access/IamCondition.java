package io.meshwork.testkit.aws.internal.access;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One condition of a statement.
 *
 * @param operator the operator
 * @param key the condition key in lower case
 * @param values the values, of which one must match
 */
record IamCondition(String operator, String key, List<String> values) {
  private static final Set<String> OPERATORS =
      Set.of(
          "StringEquals",
          "StringNotEquals",
          "StringLike",
          "StringLikeIfExists",
          "StringNotLike",
          "ArnEquals",
          "ArnLike",
          "ArnNotLike",
          "Bool",
          "Null",
          "ForAllValues:StringEquals",
          "ForAllValues:StringLike");

  private static final Set<String> KEYS =
      Set.of(
          "aws:principalaccount",
          "aws:principalarn",
          "aws:principalorgid",
          "aws:resourceaccount",
          "aws:securetransport",
          "aws:sourcearn",
          "aws:tagkeys",
          "cloudwatch:namespace",
          "dynamodb:leadingkeys",
          "events:source",
          "iam:passedtoservice",
          "kms:grantisforawsresource",
          "kms:viaservice",
          "ram:permissionarn",
          "ram:requestedresourcetype",
          "ram:resourcesharename",
          "s3:if-match",
          "s3:if-none-match",
          "s3:objectcreationoperation",
          "s3:prefix",
          "s3:x-amz-acl",
          "s3:x-amz-server-side-encryption",
          "s3:x-amz-server-side-encryption-aws-kms-key-id",
          "sts:externalid",
          "sts:rolesessionname");

  /** The account of the caller, the only variable in values. */
  private static final String ACCOUNT = "${aws:PrincipalAccount}";

  private static final String PRINCIPAL_ACCOUNT = "aws:principalaccount";

  private static final List<String> TAG_KEYS = List.of("aws:principaltag/", "aws:requesttag/");

  IamCondition {
    values = List.copyOf(values);
  }

  /**
   * Creates a condition.
   *
   * @throws NotEmulatedException if the emulator does not know the operator or the key
   */
  static IamCondition of(String operator, String key, List<String> values) {
    if (!OPERATORS.contains(operator)) {
      throw new NotEmulatedException("The condition operator " + operator + " is not emulated.");
    }
    String lowerCase = key.toLowerCase(Locale.ROOT);
    if (!KEYS.contains(lowerCase) && TAG_KEYS.stream().noneMatch(lowerCase::startsWith)) {
      throw new NotEmulatedException("The condition key " + key + " is not emulated.");
    }
    for (String value : values) {
      if (value.replace(ACCOUNT, "").contains("${")) {
        throw new NotEmulatedException("Policy variables are not emulated: " + value);
      }
    }
    return new IamCondition(operator, lowerCase, values);
  }

  boolean matches(IamAction action) {
    if (values.stream().anyMatch(value -> value.contains(ACCOUNT))) {
      String account = String.join("", action.context().getOrDefault(PRINCIPAL_ACCOUNT, List.of()));
      return new IamCondition(
              operator, key, values.stream().map(value -> value.replace(ACCOUNT, account)).toList())
          .matches(action);
    }
    List<String> present = action.context().getOrDefault(key, List.of());
    return switch (operator) {
      case "Null" -> values.contains(Boolean.toString(present.isEmpty()));
      case "StringEquals" -> present.stream().anyMatch(values::contains);
      case "StringNotEquals" -> present.stream().noneMatch(values::contains);
      case "StringLike", "ArnLike", "ArnEquals" -> present.stream().anyMatch(like());
      case "StringLikeIfExists" -> present.isEmpty() || present.stream().anyMatch(like());
      case "StringNotLike", "ArnNotLike" -> present.stream().noneMatch(like());
      case "Bool" ->
          present.stream().anyMatch(value -> values.stream().anyMatch(value::equalsIgnoreCase));
      // True if there is no value, as on AWS: policies add Null to require one.
      case "ForAllValues:StringEquals" -> values.containsAll(present);
      case "ForAllValues:StringLike" -> present.stream().allMatch(like());
      default -> throw new IllegalStateException(operator);
    };
  }

  private Predicate<String> like() {
    return value -> values.stream().anyMatch(pattern -> IamPattern.matches(pattern, value));
  }
}
