package io.meshwork.examples.awsoperations;

import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.examples.awsaccounts.TemplateAccounts;
import io.meshwork.examples.awsoperations.AwsOperationsStory.Order;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;

/** The template of the mesh's account has a table of the quality results that runs write. */
class QualityTableTest {
  private static final String MESH = "sales-eu";
  private static final String ORDERS = "shop/orders";
  private static final Pattern FIELD = Pattern.compile("([a-z_]+):([a-z]+)");

  @TempDir private Path folder;
  private final String account =
      "33" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
  private final Principal operator = Principal.of(account, "mesh-operator");

  @Test
  void theTableHasTheLocationAndTheColumnsOfTheLinesOfARun() throws IOException {
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsConfig config =
          AwsConfig.inRegion(aws.region())
              .endpoint(aws.endpoint())
              .mesh(account, MESH)
              .cloudWatch();
      TemplateAccounts accounts = new TemplateAccounts(aws, account, MESH, config, folder);
      accounts.write(
          List.of(
              AccountSetup.of(config, account)
                  .role(operator.role(), AwsRoleKind.operator(), AwsRoleKind.maintenance("shop"))
                  .role("admin", AwsRoleKind.governance(), AwsRoleKind.steward("shop"))));
      assertThat(AwsEmulator.lint(templates())).isEmpty();
      accounts.deploy();
      accounts.makeMesh();
      accounts.as(
          Principal.of(account, "admin"),
          client -> {
            client.registerDomain("shop").accounts(account).owner("shop@example.org").commit();
            return client
                .defineProduct(ORDERS)
                .contract(Contract.of(Order.class).require(between("amount", 0, 100).warn()))
                .commit();
          });
      accounts.withMesh(operator, mesh -> mesh.operate(Duration.ofMinutes(5)));
      accounts.as(
          Principal.of(account, "admin"),
          client ->
              client
                  .publish(ORDERS)
                  .records(List.of(new Order("a", 1), new Order("b", 1_000)))
                  .commit());
      accounts.withMesh(operator, mesh -> mesh.operate(Duration.ofMinutes(5)));

      Table table = table(aws);
      Map<String, String> lines = lines(accounts);
      assertThat(table.tableType()).isEqualTo("EXTERNAL_TABLE");
      assertThat(lines).hasSize(1);
      lines.forEach(
          (location, line) -> {
            assertThat(location).startsWith(table.storageDescriptor().location());
            assertThat(types(parsed(line))).isEqualTo(columns(table));
          });
    }
  }

  private List<Path> templates() throws IOException {
    try (var files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Table table(AwsEmulator aws) {
    aws.runAs(account, "administrator");
    try (GlueClient glue =
        GlueClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .build()) {
      return glue.getTable(get -> get.databaseName("mesh_sales_eu").name("quality_results"))
          .table();
    }
  }

  /** Returns the lines of all runs, by the location of their file. */
  private Map<String, String> lines(TemplateAccounts accounts) {
    return accounts.withS3(
        Principal.of(account, "administrator"),
        s3 -> {
          Map<String, String> lines = new LinkedHashMap<>();
          String bucket = accounts.bucket(account);
          s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix("quality/"))
              .contents()
              .forEach(
                  file ->
                      lines.put(
                          "s3://" + bucket + "/" + file.key(),
                          s3.getObjectAsBytes(get -> get.bucket(bucket).key(file.key()))
                              .asUtf8String()));
          return lines;
        });
  }

  private static JsonNode parsed(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  /** Returns the types of columns as JSON knows them, by name and in order. */
  private static Map<String, String> columns(Table table) {
    Map<String, String> types = new LinkedHashMap<>();
    for (Column column : table.storageDescriptor().columns()) {
      types.put(column.name(), type(column.type()));
    }
    return types;
  }

  private static String type(String hive) {
    return switch (hive) {
      case "string" -> "STRING";
      case "int", "bigint", "double" -> "NUMBER";
      default -> {
        List<String> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(hive);
        while (field.find()) {
          fields.add(field.group(1) + "=" + type(field.group(2)));
        }
        yield "[{" + String.join(", ", fields) + "}]";
      }
    };
  }

  private static Map<String, String> types(JsonNode line) {
    Map<String, String> types = new LinkedHashMap<>();
    line.properties()
        .forEach(
            field ->
                types.put(
                    field.getKey(),
                    field.getValue().isArray()
                        ? "[" + types(field.getValue().path(0)) + "]"
                        : field.getValue().getNodeType().toString()));
    return types;
  }
}
