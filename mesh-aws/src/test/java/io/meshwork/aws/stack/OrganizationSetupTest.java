package io.meshwork.aws.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.OrganizationSetup;
import io.meshwork.error.InvalidRequestException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The template of an organization has what was named, and nothing that AWS does not accept. */
class OrganizationSetupTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GROUP = "12345678-1234-1234-1234-123456789abc";
  private static final String INSTANCE = "arn:aws:sso:::instance/ssoins-1234567890abcdef";

  private final OrganizationSetup setup =
      OrganizationSetup.of(
          AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales"),
          "999999999999",
          "r-abcd");

  private static JsonNode resources(OrganizationSetup setup) throws IOException {
    return JSON.readTree(setup.template().body()).path("Resources");
  }

  private static List<String> ids(OrganizationSetup setup) throws IOException {
    List<String> ids = new ArrayList<>();
    resources(setup).fieldNames().forEachRemaining(ids::add);
    return ids;
  }

  @Test
  void withoutMoreThereAreUnitsAndThePolicy() throws IOException {
    assertThat(ids(setup)).containsExactly("Infrastructure", "DataPlatform", "Domains", "KeepMesh");
    JsonNode policy = resources(setup).path("KeepMesh").path("Properties").path("Content");
    assertThat(policy).isEqualTo(JSON.readTree(setup.serviceControl()));
    assertThat(policy.path("Statement"))
        .extracting(statement -> statement.path("Sid").asText())
        .containsExactly(
            "DenyLakeFormationAdminRemoval",
            "KeepLocations",
            "KeepMeshRoles",
            "KeepMeshBuckets",
            "StayInOrganization");
  }

  @Test
  void eachGroupIsAssignedOnceInEachOfItsAccounts() throws IOException {
    OrganizationSetup people =
        setup
            .identityCenter(INSTANCE)
            .readers(GROUP, "333333333333", "444444444444")
            .readers(GROUP, "444444444444")
            .openReaders(GROUP, "444444444444");

    assertThat(ids(people))
        .contains(
            "OpenReaders",
            "OpenReaders444444444444For" + GROUP.replace("-", ""),
            "RestrictedReaders",
            "RestrictedReaders333333333333For" + GROUP.replace("-", ""))
        .hasSize(9);
    assertThat(resources(people).at("/OpenReaders/Properties/InlinePolicy").toString())
        .contains("${aws:PrincipalAccount}")
        .doesNotContain("lakeformation:");
    assertThat(resources(people).at("/RestrictedReaders/Properties/InlinePolicy").toString())
        .contains("lakeformation:GetDataAccess");
  }

  @Test
  void aTrailIsThatOfAllAccounts() throws IOException {
    JsonNode trail = resources(setup.trail("trails")).at("/Trail/Properties");
    assertThat(trail.path("IsOrganizationTrail").asBoolean()).isTrue();
    assertThat(trail.path("S3BucketName").asText()).isEqualTo("trails");
  }

  @Test
  void argumentsThatAwsDoesNotAcceptAreRejected() {
    List<Runnable> wrong =
        List.of(
            () -> setup.administrators("arn:aws:iam::*:role/*"),
            () -> setup.administrators("platform-admin"),
            () -> setup.identityCenter("ssoins-1234567890abcdef"),
            () -> setup.readers("analysts", "444444444444"),
            () -> setup.readers(GROUP),
            () -> setup.openReaders(GROUP, "finance"),
            () -> setup.trail("s3://trails"));
    for (Runnable call : wrong) {
      assertThatThrownBy(call::run).isInstanceOf(InvalidRequestException.class);
    }
    assertThatThrownBy(() -> setup.readers(GROUP, "444444444444").template())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Name the instance of IAM Identity Center");
    String[] many = new String[30];
    for (int i = 0; i < many.length; i++) {
      many[i] = "arn:aws:iam::*:role/administrator-of-the-platform-" + i;
    }
    assertThatThrownBy(() -> setup.administrators(many).template())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Name fewer administrators");
  }
}
