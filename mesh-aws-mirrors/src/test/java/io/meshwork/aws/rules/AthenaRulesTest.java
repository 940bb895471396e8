package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/**
 * Queries of Athena on the emulator: by roles with exactly the policy that {@link AwsPolicies}
 * prints, in the work group that a template makes.
 */
class AthenaRulesTest extends EmulatorFixture {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static LakeAccount lake;
  private static EmulatedClients administrator;
  private static String policy;
  private static String workGroup;

  @BeforeAll
  static void start() throws IOException {
    lake = LakeAccount.governed(aws, GlueAccount.newAccount());
    administrator = EmulatedClients.administrator(aws, lake.id());
    lake.createDatabase("sales");
    lake.createTable("sales", "orders", "id", "email", "total");
    lake.lake()
        .registerResource(
            register ->
                register
                    .resourceArn("arn:aws:s3:::lake-" + lake.id())
                    .roleArn(lake.role("register")));
    AwsConfig config = AwsConfig.inRegion(aws.region()).mesh(lake.id(), "sales").lakeFormation();
    policy = AwsPolicies.of(config).queries(lake.id(), AwsRoleKind.engineReader());
    JsonNode group =
        JSON.readTree(
                AccountSetup.of(config, lake.id())
                    .role("analyst", AwsRoleKind.engineReader())
                    .templates()
                    .get(1)
                    .body())
            .at("/Resources/WorkGroup/Properties");
    workGroup = group.path("Name").asText();
    ObjectNode create = request("Name", workGroup);
    create.set("Configuration", group.path("WorkGroupConfiguration"));
    administrator.athena("CreateWorkGroup", create.toString());
    for (String role : List.of("analyst", "lister", "stranger")) {
      administrator.createRole(role, Policies.trust(lake.id()));
      administrator.putRolePolicy(role, policy);
    }
    lake.grant(lake.role("analyst"), lake.tableResource("sales", "orders"), Permission.SELECT);
    lake.grant(
        lake.role("lister"),
        lake.columnsResource("sales", "orders", "id", "total"),
        Permission.SELECT);
  }

  @AfterAll
  static void stop() {
    if (lake != null) {
      lake.close();
    }
  }

  private static ObjectNode request(String field, String value) {
    return JSON.createObjectNode().put(field, value);
  }

  private static String start(EmulatedClients clients, String group) throws IOException {
    ObjectNode query =
        request("WorkGroup", group).put("QueryString", "SELECT * FROM \"sales\".\"orders\"");
    return JSON.readTree(clients.athena("StartQueryExecution", query.toString()))
        .path("QueryExecutionId")
        .asText();
  }

  private static JsonNode status(EmulatedClients clients, String id) throws IOException {
    return JSON.readTree(
            clients.athena("GetQueryExecution", request("QueryExecutionId", id).toString()))
        .at("/QueryExecution/Status");
  }

  /** Runs a query to its end, and returns its columns, or why it failed. */
  private static List<String> query(String role) throws IOException {
    EmulatedClients clients = lake.as(role);
    String id = start(clients, workGroup);
    JsonNode status = status(clients, id);
    if (!status.path("State").asText().equals("SUCCEEDED")) {
      return List.of(status.path("StateChangeReason").asText());
    }
    List<String> columns = new ArrayList<>();
    JSON.readTree(clients.athena("GetQueryResults", request("QueryExecutionId", id).toString()))
        .at("/ResultSet/ResultSetMetadata/ColumnInfo")
        .forEach(column -> columns.add(column.path("Name").asText()));
    return columns;
  }

  @Test
  void aQueryHasTheColumnsThatWereGranted() throws IOException {
    assertThat(query("lister")).containsExactly("id", "total");
  }

  @Test
  void aQueryOfATableWithoutAGrantFails() throws IOException {
    assertThat(query("stranger"))
        .singleElement()
        .satisfies(reason -> assertThat(reason).contains("Insufficient Lake Formation"));
    EmulatedClients stranger = lake.as("stranger");
    String id = start(stranger, workGroup);
    assertThatThrownBy(
            () -> stranger.athena("GetQueryResults", request("QueryExecutionId", id).toString()))
        .hasMessageContaining("Final query state: FAILED");
  }

  @Test
  void aQueryNeedsEachStatementOfThePolicy() throws IOException {
    List<String> superfluous = new ArrayList<>();
    int statements = JSON.readTree(policy).path("Statement").size();
    assertThat(statements).isEqualTo(3);
    for (int i = 0; i < statements; i++) {
      ObjectNode less = (ObjectNode) JSON.readTree(policy);
      String removed = ((ArrayNode) less.path("Statement")).remove(i).path("Sid").asText();
      administrator.putRolePolicy("analyst", less.toString());
      try {
        if (query("analyst").size() > 1) {
          superfluous.add(removed);
        }
      } catch (IllegalStateException e) {
        assertThat(e).as(removed).hasMessageContaining("athena:StartQueryExecution");
      }
    }
    administrator.putRolePolicy("analyst", policy);
    assertThat(superfluous).isEmpty();
    assertThat(query("analyst")).containsExactly("id", "email", "total");
  }

  @Test
  void theRoleUsesNoOtherWorkGroupAndDoesNotChangeItsOwn() {
    EmulatedClients lister = lake.as("lister");

    assertThatThrownBy(() -> start(lister, "primary"))
        .hasMessageContainingAll("AccessDenied", "workgroup/primary");
    assertThatThrownBy(
            () -> lister.athena("DeleteWorkGroup", request("WorkGroup", workGroup).toString()))
        .hasMessageContainingAll("AccessDenied", "athena:DeleteWorkGroup");
  }

  @Test
  void aWorkGroupThatKeepsNoResultsRunsNoQueryAndOneWithQueriesStays() throws IOException {
    administrator.athena("CreateWorkGroup", request("Name", "plain").toString());
    String plain = request("WorkGroup", "plain").toString();

    assertThatThrownBy(
            () -> administrator.athena("CreateWorkGroup", request("Name", "plain").toString()))
        .hasMessageContaining("already created");
    assertThatThrownBy(() -> start(administrator, "plain"))
        .hasMessageContaining("No output location");
    administrator.athena(
        "UpdateWorkGroup",
        """
        {"WorkGroup": "plain", "ConfigurationUpdates":
          {"ManagedQueryResultsConfigurationUpdates": {"Enabled": true}}}
        """);
    String id = start(administrator, "plain");
    assertThatThrownBy(() -> administrator.athena("DeleteWorkGroup", plain))
        .hasMessageContaining("not empty");
    EmulatedClients other = EmulatedClients.administrator(aws, GlueAccount.newAccount());
    assertThatThrownBy(() -> status(other, id)).hasMessageContaining("was not found");
    administrator.athena(
        "DeleteWorkGroup",
        request("WorkGroup", "plain").put("RecursiveDeleteOption", true).toString());
    assertThatThrownBy(() -> administrator.athena("GetWorkGroup", plain))
        .hasMessageContaining("plain is not found");
  }

  @Test
  void otherQueriesAndOperationsAreNotEmulated() {
    AwsEmulator own = AwsEmulator.start();
    EmulatedClients clients = EmulatedClients.administrator(own, lake.id());
    ObjectNode query = request("WorkGroup", workGroup).put("QueryString", "SELECT 1");

    assertThatThrownBy(() -> clients.athena("StartQueryExecution", query.toString()))
        .hasMessageContaining("NotEmulated");
    assertThatThrownBy(() -> clients.athena("ListWorkGroups", "{}"))
        .hasMessageContaining("NotEmulated");
    assertThatThrownBy(own::close)
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll("SELECT 1", "ListWorkGroups");
  }
}
