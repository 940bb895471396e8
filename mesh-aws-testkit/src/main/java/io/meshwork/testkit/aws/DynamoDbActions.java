package io.meshwork.testkit.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The actions that a request to DynamoDB needs, with the partition keys that it names. Transactions
 * need the actions of their items.
 */
final class DynamoDbActions {
  private static final String LEADING_KEYS = "dynamodb:LeadingKeys";
  private static final Pattern EQUALITY = Pattern.compile("([#\\w.-]+)\\s*=\\s*(:\\w+)");

  private final String region;
  private final String account;
  private final PartitionKeys partitionKeys;

  /** Finds the attribute that is the partition key of a table. */
  interface PartitionKeys {
    /** Returns the attribute's name; null if the table does not exist. */
    @Nullable String attribute(String table) throws IOException;
  }

  DynamoDbActions(String region, String account, PartitionKeys partitionKeys) {
    this.region = region;
    this.account = account;
    this.partitionKeys = partitionKeys;
  }

  List<IamAction> of(String operation, String body) throws IOException {
    JsonNode request = AwsReply.JSON.readTree(body);
    switch (operation) {
      case "TransactWriteItems", "TransactGetItems" -> {
        List<IamAction> actions = new ArrayList<>();
        for (JsonNode item : request.path("TransactItems")) {
          Map.Entry<String, JsonNode> write = item.properties().iterator().next();
          actions.add(ofItem(actionOfItem(write.getKey()), write.getValue()));
        }
        return actions;
      }
      case "BatchGetItem", "BatchWriteItem" -> {
        return ofBatch(operation, request.path("RequestItems"));
      }
      case "Query" -> {
        return List.of(ofQuery(request));
      }
      case "GetItem", "PutItem", "DeleteItem", "UpdateItem" -> {
        return List.of(ofItem(operation, request));
      }
      default -> {
        if (operation.contains("Statement") || operation.contains("Transaction")) {
          throw new NotEmulatedException("dynamodb:" + operation + " is not emulated for roles.");
        }
        List<IamAction> actions = new ArrayList<>();
        actions.add(IamAction.of("dynamodb:" + operation, resource(request)));
        actions.addAll(ofKey(request.at("/SSESpecification/KMSMasterKeyId").asText()));
        return actions;
      }
    }
  }

  private String resource(JsonNode request) {
    for (String arn : List.of("TableArn", "ExportArn")) {
      if (request.has(arn)) {
        return request.path(arn).asText();
      }
    }
    return request.has("TableName") ? arn(request.path("TableName").asText()) : "*";
  }

  /** DynamoDB uses the key of a table with the rights of the caller that sets it. */
  private List<IamAction> ofKey(String key) {
    if (key.isEmpty()) {
      return List.of();
    }
    List<IamAction> actions = new ArrayList<>();
    for (String operation : List.of("DescribeKey", "Decrypt", "GenerateDataKey", "CreateGrant")) {
      IamAction action =
          IamAction.of("kms:" + operation, key)
              .with("kms:ViaService", "dynamodb." + region + ".amazonaws.com");
      actions.add(
          operation.equals("CreateGrant")
              ? action.with("kms:GrantIsForAWSResource", "true")
              : action);
    }
    return actions;
  }

  private static String actionOfItem(String element) {
    return switch (element) {
      case "Get" -> "GetItem";
      case "Put" -> "PutItem";
      case "Delete" -> "DeleteItem";
      case "Update" -> "UpdateItem";
      case "ConditionCheck" -> "ConditionCheckItem";
      default -> throw new NotEmulatedException("A transaction with " + element);
    };
  }

  private IamAction ofItem(String action, JsonNode request) throws IOException {
    String table = request.path("TableName").asText();
    return action(action, table, request.path(action.equals("PutItem") ? "Item" : "Key"));
  }

  private List<IamAction> ofBatch(String operation, JsonNode tables) throws IOException {
    List<IamAction> actions = new ArrayList<>();
    for (Map.Entry<String, JsonNode> table : tables.properties()) {
      if (operation.equals("BatchGetItem")) {
        for (JsonNode key : table.getValue().path("Keys")) {
          actions.add(action(operation, table.getKey(), key));
        }
      } else {
        for (JsonNode write : table.getValue()) {
          JsonNode put = write.path("PutRequest").path("Item");
          JsonNode item = put.isMissingNode() ? write.path("DeleteRequest").path("Key") : put;
          actions.add(action(operation, table.getKey(), item));
        }
      }
    }
    return actions;
  }

  private IamAction ofQuery(JsonNode request) throws IOException {
    String table = request.path("TableName").asText();
    if (request.has("IndexName")) {
      throw new NotEmulatedException("Queries of indexes are not emulated for roles.");
    }
    IamAction action = IamAction.of("dynamodb:Query", arn(table));
    String attribute = partitionKeys.attribute(table);
    Matcher equality = EQUALITY.matcher(request.path("KeyConditionExpression").asText());
    while (equality.find()) {
      String name = equality.group(1);
      JsonNode alias = request.path("ExpressionAttributeNames").path(name);
      if ((alias.isMissingNode() ? name : alias.asText()).equals(attribute)) {
        JsonNode value = request.path("ExpressionAttributeValues").path(equality.group(2));
        return action.with(LEADING_KEYS, text(value));
      }
    }
    throw new NotEmulatedException(
        "A query is emulated for roles only if its KeyConditionExpression names the partition"
            + " key.");
  }

  private IamAction action(String name, String table, JsonNode item) throws IOException {
    IamAction action = IamAction.of("dynamodb:" + name, arn(table));
    String attribute = partitionKeys.attribute(table);
    JsonNode value = attribute == null ? null : item.get(attribute);
    return value == null ? action : action.with(LEADING_KEYS, text(value));
  }

  /** Returns the value of an attribute, such as {@code {"S":"d/commerce"}}. */
  private static String text(JsonNode attribute) {
    return attribute.properties().iterator().next().getValue().asText();
  }

  private String arn(String table) {
    if (table.startsWith("arn:")) {
      throw new NotEmulatedException("Tables that are named by ARN are not emulated for roles.");
    }
    return "arn:aws:dynamodb:" + region + ":" + account + ":table/" + table;
  }
}
