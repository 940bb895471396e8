package io.meshwork.aws.internal.mirror.glue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The commands of the AWS CLI with which an administrator changes the data catalog of an account.
 *
 * @param account the account
 * @param region the region
 */
public record GlueCommands(String account, String region) {
  public String createDatabase(String content) {
    ObjectNode input = DocumentJson.parseObject("a database", content);
    input.putArray("CreateTableDefaultPermissions");
    return command("create-database", List.of("--database-input", quoted(input)));
  }

  /** A resource link to a database. */
  public String createLink(String content) {
    return command(
        "create-database",
        List.of("--database-input", quoted(DocumentJson.parseObject("a link", content))));
  }

  public String updateDatabase(String name, String content) {
    ObjectNode input = DocumentJson.parseObject("a database", content);
    input.putArray("CreateTableDefaultPermissions");
    return command("update-database", List.of("--name", name, "--database-input", quoted(input)));
  }

  public String deleteDatabase(String name) {
    return command("delete-database", List.of("--name", name));
  }

  public String createTable(String database, String content) {
    return command(
        "create-table",
        List.of(
            "--database-name",
            database,
            "--table-input",
            quoted(DocumentJson.parseObject("a table", content))));
  }

  public String updateTable(String database, String content, String version) {
    return command(
        "update-table",
        List.of(
            "--database-name",
            database,
            "--skip-archive",
            version.isEmpty() ? "" : "--version-id " + version,
            "--table-input",
            quoted(DocumentJson.parseObject("a table", content))));
  }

  public String deleteTable(String database, String table) {
    return command("delete-table", List.of("--database-name", database, "--name", table));
  }

  private String command(String operation, List<String> arguments) {
    return arguments.stream()
        .filter(argument -> !argument.isEmpty())
        .collect(
            Collectors.joining(
                " ",
                "aws glue " + operation + " --region " + region + " --catalog-id " + account + " ",
                ""));
  }

  /** Returns JSON as one argument of a shell. */
  private static String quoted(ObjectNode json) {
    return RequestJson.quoted(DocumentJson.write(json));
  }
}
