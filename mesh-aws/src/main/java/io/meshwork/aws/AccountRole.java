package io.meshwork.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A role of an account, with all that IAM knows of it.
 *
 * @param principal the role
 * @param trust its trust policy
 * @param policies its inline policies by name
 * @param dependsOn the roles of the same template that its trust policy names
 */
record AccountRole(
    Principal principal, String trust, Map<String, String> policies, List<Principal> dependsOn) {
  /** What IAM accepts as inline policies of one role, without white space. */
  private static final int MAX_SIZE = 10_240;

  AccountRole {
    policies = new TreeMap<>(policies);
    dependsOn = List.copyOf(dependsOn);
    int size =
        policies.values().stream()
            .mapToInt(policy -> PolicyDocument.parsed(policy).toString().length())
            .sum();
    if (size > MAX_SIZE) {
      throw PolicyDocument.tooLarge(
          "the policies of the role " + principal, size, MAX_SIZE, PolicyDocument.DIVIDE);
    }
  }

  /** Returns the role as a resource of a template. */
  AccountResource resource() {
    ObjectNode properties = AccountResource.node().put("RoleName", principal.role());
    properties.set("AssumeRolePolicyDocument", PolicyDocument.parsed(trust));
    ArrayNode inline = properties.putArray("Policies");
    policies.forEach(
        (name, policy) -> {
          ObjectNode entry = inline.addObject().put("PolicyName", name);
          entry.set("PolicyDocument", PolicyDocument.parsed(policy));
        });
    return AccountResource.deletedWithStack(
        resourceId(principal),
        AccountResource.Type.ROLE,
        dependsOn.stream().map(AccountRole::resourceId).toList(),
        properties);
  }

  /** Returns one more policy of a role of another template. */
  static AccountResource policy(Principal role, String name, JsonNode policy) {
    ObjectNode properties =
        AccountResource.node().put("RoleName", role.role()).put("PolicyName", name);
    properties.set("PolicyDocument", policy);
    return AccountResource.deletedWithStack(
        logicalId(role.role() + "-" + name) + "Policy",
        AccountResource.Type.ROLE_POLICY,
        List.of(),
        properties);
  }

  /** Returns the logical ID of a role, which no resource of another type has. */
  private static String resourceId(Principal role) {
    return logicalId(role.role()) + "Role";
  }

  /** Returns a name of a role with letters and digits only, such as {@code CommerceEtl}. */
  private static String logicalId(String role) {
    return Stream.of(role.split("[^A-Za-z0-9]+", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }
}
