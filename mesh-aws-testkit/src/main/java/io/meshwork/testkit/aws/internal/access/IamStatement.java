package io.meshwork.testkit.aws.internal.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One statement of a policy.
 *
 * @param id its Sid; may be empty
 * @param denies true for Deny, false for Allow
 * @param principals to whom it applies; empty in an identity policy
 * @param actions patterns of actions in lower case
 * @param resources patterns of ARNs; empty in a trust policy
 * @param isInverted true if it applies to all resources except these
 * @param conditions all of them must match
 */
record IamStatement(
    String id,
    boolean denies,
    List<String> principals,
    List<String> actions,
    List<String> resources,
    boolean isInverted,
    List<IamCondition> conditions) {
  private static final Set<String> ELEMENTS =
      Set.of("Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition");
  private static final Pattern ACCOUNT = Pattern.compile("(?:arn:aws:iam::)?(\\d{12})(?::root)?");

  private static final String SERVICE = "service";

  /** How a statement names a principal. */
  enum PrincipalMatch {
    /** It does not. */
    NOT,
    /** By its account, whose own policies decide further. */
    ACCOUNT,
    /** Itself. */
    PRINCIPAL
  }

  IamStatement {
    principals = List.copyOf(principals);
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }

  /**
   * Parses a statement.
   *
   * @throws NotEmulatedException if it contains what the emulator does not know
   */
  static IamStatement parse(JsonNode statement) {
    for (Map.Entry<String, JsonNode> element : statement.properties()) {
      if (!ELEMENTS.contains(element.getKey())) {
        throw new NotEmulatedException(
            "The policy element " + element.getKey() + " is not emulated.");
      }
    }
    String effect = statement.path("Effect").asText();
    if (!effect.equals("Allow") && !effect.equals("Deny")) {
      throw new NotEmulatedException("The effect of a statement is '" + effect + "'.");
    }
    List<String> actions =
        texts(statement.path("Action")).stream()
            .map(action -> action.toLowerCase(Locale.ROOT))
            .toList();
    if (actions.isEmpty()) {
      throw new NotEmulatedException("A statement without actions is not emulated.");
    }
    boolean denies = effect.equals("Deny");
    boolean isInverted = statement.has("NotResource");
    if (isInverted && (!denies || statement.has("Resource"))) {
      throw new NotEmulatedException(
          "NotResource is emulated only in a statement that denies and has no Resource.");
    }
    return new IamStatement(
        statement.path("Sid").asText(),
        denies,
        principals(statement.path("Principal")),
        actions,
        texts(statement.path(isInverted ? "NotResource" : "Resource")),
        isInverted,
        conditions(statement.path("Condition")));
  }

  /** Returns true if the statement is about this action; principals are a separate question. */
  boolean matches(IamAction action) {
    String name = action.name().toLowerCase(Locale.ROOT);
    if (actions.stream().noneMatch(pattern -> IamPattern.matches(pattern, name))) {
      return false;
    }
    return matchesResource(action) && conditions.stream().allMatch(c -> c.matches(action));
  }

  PrincipalMatch match(AwsIdentity caller) {
    PrincipalMatch match = PrincipalMatch.NOT;
    for (String principal : principals) {
      Matcher account = ACCOUNT.matcher(principal);
      if (principal.equals("*")
          || principal.equals(caller.principalArn())
          || principal.equals(caller.arn())) {
        return PrincipalMatch.PRINCIPAL;
      }
      if (account.matches() && account.group(1).equals(caller.account())) {
        match = PrincipalMatch.ACCOUNT;
      }
    }
    return match;
  }

  /** Returns true if it names a service of AWS; the emulator knows no difference among them. */
  boolean isForServices() {
    return principals.contains(SERVICE);
  }

  private boolean matchesResource(IamAction action) {
    String resource = action.resource();
    if (resources.isEmpty() || resources.contains("*")) {
      return !isInverted;
    }
    if (resource == null) {
      throw new NotEmulatedException(
          "Policies that name resources are not emulated for " + action.name() + ".");
    }
    return isInverted
        != resources.stream().anyMatch(pattern -> IamPattern.matches(pattern, resource));
  }

  private static List<String> principals(JsonNode principal) {
    if (principal.isMissingNode()) {
      return List.of();
    }
    if (principal.isTextual()) {
      return List.of(principal.asText());
    }
    List<String> principals = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : principal.properties()) {
      switch (field.getKey()) {
        case "AWS" -> principals.addAll(texts(field.getValue()));
        // A service of AWS is never the caller here.
        case "Service" -> principals.add(SERVICE);
        default ->
            throw new NotEmulatedException(
                "Principals of type " + field.getKey() + " are not emulated.");
      }
    }
    return principals;
  }

  private static List<IamCondition> conditions(JsonNode node) {
    List<IamCondition> conditions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> operator : node.properties()) {
      for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
        conditions.add(IamCondition.of(operator.getKey(), key.getKey(), values(key.getValue())));
      }
    }
    return conditions;
  }

  /** Returns the values of an element that is one string or a list of strings. */
  private static List<String> values(JsonNode node) {
    List<String> values = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(element -> values.add(element.asText()));
    } else if (!node.isMissingNode()) {
      values.add(node.asText());
    }
    return values;
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = values(node);
    for (String text : texts) {
      if (text.contains("${")) {
        throw new NotEmulatedException("Policy variables are not emulated: " + text);
      }
    }
    return texts;
  }
}
