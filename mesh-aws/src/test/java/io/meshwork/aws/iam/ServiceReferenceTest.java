package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each statement of a printed policy has an effect in IAM: AWS's service reference knows its
 * actions, gives them the types of resources that it names, and the keys of its conditions. The
 * file {@code service-reference.json} has the printed actions of that reference.
 */
class ServiceReferenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWNER = "222222222222";
  private static final String ORGANIZATION =
      "arn:aws:organizations::111111111111:organization/o-abcdefghij";
  private static final Principal ETL = Principal.of(OWNER, "etl");

  private static final List<Function<AwsPolicies, String>> PRINTED =
      List.of(
          AwsPolicies::mirror,
          AwsPolicies::recipientMirror,
          policies -> policies.openDataMirror(OWNER),
          AwsPolicies::registration,
          AwsPolicies::engineReader,
          policies -> policies.queries("333333333333", AwsRoleKind.engineReader()),
          policies -> policies.openReader("333333333333"),
          policies -> policies.restrictedReader("333333333333"),
          policies -> policies.caller(ETL),
          AwsPolicies::callerAsReader,
          policies -> policies.registry(AwsRoleKind.producer("commerce")),
          policies -> policies.registry(AwsRoleKind.consumer("finance")),
          policies -> policies.registry(AwsRoleKind.governance()),
          policies -> policies.registry(AwsRoleKind.maintenance("commerce")),
          policies -> policies.registry(AwsRoleKind.backup()),
          policies -> policies.registry(AwsRoleKind.move()),
          policies -> policies.registry(AwsRoleKind.mirror()),
          policies -> policies.files(OWNER, AwsRoleKind.producer("commerce")),
          policies -> policies.files(OWNER, AwsRoleKind.maintenance("commerce")),
          policies -> policies.files(OWNER, AwsRoleKind.backup()),
          policies -> policies.files(OWNER, AwsRoleKind.governance()));

  static Stream<AwsConfig> configurations() {
    AwsConfig plain = AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales");
    return Stream.of(
        plain.encryptionKey("arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-0"),
        plain.lakeFormation().schemaRegistry().dataQuality(),
        plain
            .lakeFormation(ORGANIZATION)
            .openData(ORGANIZATION, "commerce", "big-domain")
            .externalDataFiltering("meshwork", "333333333333")
            .trustedEngine("meshwork"));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void eachStatementHasAnEffect(AwsConfig config) throws IOException {
    JsonNode reference = reference();
    ManagedPolicies managed = ManagedPolicies.read();
    Set<String> wrong = new TreeSet<>();
    int statements = 0;
    for (Function<AwsPolicies, String> each : PRINTED) {
      String text;
      try {
        text = each.apply(AwsPolicies.of(config));
      } catch (InvalidRequestException e) {
        continue; // The configuration has no such policy.
      }
      Set<String> names = new TreeSet<>();
      for (JsonNode statement : JSON.readTree(text).path("Statement")) {
        statements++;
        if (!names.add(statement.path("Sid").asText())) {
          wrong.add("two statements are called " + statement.path("Sid").asText());
        }
        for (String action : ManagedPolicies.texts(statement.path("Action"))) {
          check(action, statement, reference, managed, wrong);
        }
      }
    }
    assertThat(statements).isGreaterThan(10);
    assertThat(wrong).isEmpty();
  }

  private static JsonNode reference() throws IOException {
    try (InputStream in =
        ServiceReferenceTest.class.getResourceAsStream("service-reference.json")) {
      return JSON.readTree(in);
    }
  }

  /** The reference lacks conditions that AWS's own managed policies have. */
  private static void check(
      String action,
      JsonNode statement,
      JsonNode reference,
      ManagedPolicies managed,
      Set<String> wrong) {
    String where = action + " of " + statement.path("Sid").asText();
    if (!reference.has(action)) {
      wrong.add(where + " is not an action of the reference");
      return;
    }
    List<String> named = ManagedPolicies.texts(statement.path("Resource"));
    JsonNode types = reference.path(action).path("resources");
    if (!named.contains("*")) {
      if (types.isEmpty()) {
        wrong.add(where + " supports no resource, but the statement names " + named);
      }
      for (JsonNode type : types) {
        String arn = type.path("arn").asText();
        if (type.path("required").asBoolean() && named.stream().noneMatch(r -> overlap(r, arn))) {
          wrong.add(where + " needs a resource such as " + arn + ", but names " + named);
        }
      }
    }
    List<String> keys = ManagedPolicies.texts(reference.path(action).path("conditions"));
    statement
        .path("Condition")
        .forEach(
            operator ->
                operator
                    .fieldNames()
                    .forEachRemaining(
                        key -> {
                          if (!key.startsWith("aws:")
                              && !keys.contains(key)
                              && !managed.hasKey(action, key)) {
                            wrong.add(where + " has no condition key " + key);
                          }
                        }));
  }

  /** True if some ARN matches both patterns: one matches the other, whose wildcards are filled. */
  private static boolean overlap(String one, String other) {
    return matches(one, other) || matches(other, one);
  }

  private static boolean matches(String pattern, String arn) {
    StringBuilder regex = new StringBuilder();
    for (char c : pattern.toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.matches(regex.toString(), arn.replace('*', 'x'));
  }
}
