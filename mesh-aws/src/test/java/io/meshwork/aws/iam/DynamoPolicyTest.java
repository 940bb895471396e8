package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** What policies with leading keys permit on DynamoDB. */
class DynamoPolicyTest {
  private static final String GOVERNANCE = "111111111111";
  private static final String ROLE = "producer-" + UUID.randomUUID();

  private static AwsEmulator aws;

  private final String table = "t" + UUID.randomUUID();
  private DynamoDbClient producer;

  @BeforeAll
  static void start() {
    aws = AwsEmulator.start();
    administrator().createRole(ROLE, Policies.trust(GOVERNANCE));
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @BeforeEach
  void createTable() {
    try (DynamoDbClient client = administrator().dynamoDb()) {
      client.createTable(
          r ->
              r.tableName(table)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .keySchema(
                      KeySchemaElement.builder().attributeName("p").keyType(KeyType.HASH).build())
                  .attributeDefinitions(
                      AttributeDefinition.builder()
                          .attributeName("p")
                          .attributeType(ScalarAttributeType.S)
                          .build()));
      client.putItem(r -> r.tableName(table).item(key("finance/x")));
    }
    String resource = "arn:aws:dynamodb:" + aws.region() + ":" + GOVERNANCE + ":table/" + table;
    administrator()
        .putRolePolicy(
            ROLE,
            Policies.policy(
                """
                {"Effect":"Allow","Action":["dynamodb:GetItem","dynamodb:Query",\
                "dynamodb:ConditionCheckItem"],"Resource":"%s"}\
                """
                    .formatted(resource),
                """
                {"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:DeleteItem"],\
                "Resource":"%s","Condition":{\
                "ForAllValues:StringLike":{"dynamodb:LeadingKeys":["commerce/*"]},\
                "Null":{"dynamodb:LeadingKeys":"false"}}}\
                """
                    .formatted(resource)));
    producer = administrator().assuming("arn:aws:iam::" + GOVERNANCE + ":role/" + ROLE).dynamoDb();
  }

  @Test
  void aRoleWritesTheItemsOfItsLeadingKeys() {
    producer.putItem(r -> r.tableName(table).item(key("commerce/x")));
    producer.deleteItem(r -> r.tableName(table).key(key("commerce/x")));

    assertDenied(() -> producer.putItem(r -> r.tableName(table).item(key("finance/y"))), "PutItem");
    assertDenied(
        () -> producer.deleteItem(r -> r.tableName(table).key(key("finance/x"))), "DeleteItem");
    assertThat(item("finance/x")).isNotEmpty();
  }

  @Test
  void aTransactionNeedsThePermissionsOfAllItsItems() {
    producer.transactWriteItems(
        r -> r.transactItems(put("commerce/1"), put("commerce/2"), check("finance/x")));
    assertThat(item("commerce/2")).isNotEmpty();

    assertDenied(
        () ->
            producer.transactWriteItems(r -> r.transactItems(put("commerce/3"), put("finance/3"))),
        "PutItem");
    assertDenied(
        () ->
            producer.transactWriteItems(
                r -> r.transactItems(put("commerce/3"), delete("finance/x"))),
        "DeleteItem");
    assertThat(item("commerce/3")).isEmpty();
    assertThat(item("finance/x")).isNotEmpty();
  }

  @Test
  void aRoleReadsWhatItsPolicyAllowsAndCannotScan() {
    assertThat(producer.getItem(r -> r.tableName(table).key(key("finance/x"))).item()).isNotEmpty();
    assertThat(
            producer
                .query(
                    r ->
                        r.tableName(table)
                            .keyConditionExpression("#k = :k")
                            .expressionAttributeNames(Map.of("#k", "p"))
                            .expressionAttributeValues(Map.of(":k", text("finance/x"))))
                .items())
        .hasSize(1);

    assertDenied(() -> producer.scan(r -> r.tableName(table)), "Scan");
    assertDenied(
        () ->
            producer.updateItem(
                r ->
                    r.tableName(table)
                        .key(key("commerce/x"))
                        .updateExpression("SET a = :a")
                        .expressionAttributeValues(Map.of(":a", text("1")))),
        "UpdateItem");
    assertDenied(() -> producer.deleteTable(r -> r.tableName(table)), "DeleteTable");
  }

  @Test
  void queriesAreLimitedToTheirLeadingKey() {
    administrator()
        .putRolePolicy(
            ROLE,
            Policies.policy(
                """
                {"Effect":"Allow","Action":"dynamodb:Query","Resource":"*","Condition":{\
                "ForAllValues:StringLike":{"dynamodb:LeadingKeys":"commerce/*"}}}\
                """));

    producer.query(
        r ->
            r.tableName(table)
                .keyConditionExpression("p = :k")
                .expressionAttributeValues(Map.of(":k", text("commerce/x"))));
    assertDenied(
        () ->
            producer.query(
                r ->
                    r.tableName(table)
                        .keyConditionExpression("p = :k")
                        .expressionAttributeValues(Map.of(":k", text("finance/x")))),
        "Query");
  }

  private Map<String, AttributeValue> item(String key) {
    try (DynamoDbClient client = administrator().dynamoDb()) {
      return client.getItem(r -> r.tableName(table).key(key(key))).item();
    }
  }

  private TransactWriteItem put(String key) {
    return TransactWriteItem.builder().put(p -> p.tableName(table).item(key(key))).build();
  }

  private TransactWriteItem delete(String key) {
    return TransactWriteItem.builder().delete(d -> d.tableName(table).key(key(key))).build();
  }

  private TransactWriteItem check(String key) {
    return TransactWriteItem.builder()
        .conditionCheck(
            c -> c.tableName(table).key(key(key)).conditionExpression("attribute_exists(p)"))
        .build();
  }

  private static Map<String, AttributeValue> key(String key) {
    return Map.of("p", text(key));
  }

  private static AttributeValue text(String value) {
    return AttributeValue.builder().s(value).build();
  }

  private static EmulatedClients administrator() {
    return EmulatedClients.administrator(aws, GOVERNANCE);
  }

  private static void assertDenied(ThrowingCallable call, String action) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            DynamoDbException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("AccessDeniedException"))
        .hasMessageContaining("dynamodb:" + action);
  }
}
