package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Printed policies beside those that AWS manages: ours allow no more, and its denials are known.
 */
class ManagedPoliciesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A role of the mirrors must not have AWSLakeFormationDataAdmin; the guide says so. */
  private static final Set<String> KNOWN_AS_DENIED = Set.of("lakeformation:PutDataLakeSettings");

  private static JsonNode mirror(AwsConfig config) throws IOException {
    return JSON.readTree(AwsPolicies.of(config).mirror()).path("Statement");
  }

  @ParameterizedTest
  @MethodSource("io.meshwork.aws.iam.ServiceReferenceTest#configurations")
  void sharingHasTheConditionsOfAwsOrNarrowerOnes(AwsConfig config) throws IOException {
    ManagedPolicies managed = ManagedPolicies.read();
    Set<String> beyond = new TreeSet<>();
    for (JsonNode statement : mirror(config)) {
      for (String action : ManagedPolicies.texts(statement.path("Action"))) {
        if (action.startsWith("ram:")
            || action.startsWith("organizations:")
            || action.endsWith("ResourcePolicy")) {
          beyond.addAll(managed.beyondSharing(action, statement));
        }
      }
    }
    assertThat(beyond).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("io.meshwork.aws.iam.ServiceReferenceTest#configurations")
  void eachPrintedActionThatAwsDeniesToItsAdministratorsIsKnown(AwsConfig config)
      throws IOException {
    Set<String> denied = ManagedPolicies.read().denied();
    Set<String> printed = new TreeSet<>();
    for (JsonNode statement : mirror(config)) {
      printed.addAll(ManagedPolicies.texts(statement.path("Action")));
    }
    printed.retainAll(denied);
    assertThat(KNOWN_AS_DENIED).containsAll(printed);
  }

  @Test
  void aStatementWithoutTheConditionOrWithAWiderOneIsFound() throws IOException {
    ManagedPolicies managed = ManagedPolicies.read();
    for (String condition :
        Set.of(
            "{}",
            "{\"Condition\":{\"StringLike\":{\"ram:ResourceShareName\":[\"LakeFormation*\",\"x\"]}}}",
            "{\"Condition\":{\"StringLikeIfExists\":{\"ram:ResourceShareName\":[\"LakeFormation*\"]}}}")) {
      assertThat(managed.beyondSharing("ram:DeleteResourceShare", JSON.readTree(condition)))
          .as(condition)
          .containsExactly("ram:DeleteResourceShare lacks StringLike ram:ResourceShareName");
    }
    assertThat(managed.beyondSharing("ram:TagResource", JSON.readTree("{}"))).hasSize(1);
    assertThat(managed.beyondSharing("ram:GetResourceShares", JSON.readTree("{}"))).isEmpty();
  }
}
