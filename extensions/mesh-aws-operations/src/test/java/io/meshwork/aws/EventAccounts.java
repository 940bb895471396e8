package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The accounts of a mesh, with names that no other test has.
 *
 * @param commerce sends, and is the account of the mesh
 * @param finance receives, after its templates are deployed
 * @param risk has nothing
 */
record EventAccounts(
    AwsEmulator aws, AwsConfig config, String commerce, String finance, String risk) {
  static final String OPERATOR = "operator";
  static final String ANALYST = "analyst";
  private static final String ADMINISTRATOR = "administrator";
  static final String ORDERS = "commerce/orders";

  /** A value that must not leave the mesh. */
  static final String CANARY = "canary-4711";

  static EventAccounts on(AwsEmulator aws) {
    String commerce = newAccount();
    String name = "e" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
    AwsConfig config =
        AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(commerce, name);
    return new EventAccounts(aws, config, commerce, newAccount(), newAccount());
  }

  private static String newAccount() {
    return "7" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  }

  /** Returns the role that owns commerce and its orders. */
  Principal etl() {
    return Principal.of(commerce, "etl");
  }

  /** Registers commerce and defines its orders, which are open to the mesh; returns the owner. */
  MeshClient defineOrders(Mesh mesh) {
    MeshClient owner = mesh.clientAs(etl());
    owner.registerDomain("commerce").accounts(commerce).owner("shop@example.org").commit();
    owner
        .defineProduct(ORDERS)
        .contract(
            Contract.of(SmallOrder.class)
                .require(Rule.unique("id"), Rule.between("amount", 0, 100))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50))
        .openToMesh()
        .commit();
    return owner;
  }

  /** Publishes a row, and one that is quarantined. */
  static void publish(MeshClient owner, int number) {
    owner
        .publish(ORDERS)
        .records(
            List.of(new SmallOrder(CANARY + number, 17), new SmallOrder("bad" + number, 1_000)))
        .commit();
  }

  /** Registers a domain as the analyst of its account; returns the analyst. */
  static MeshClient register(Mesh mesh, String domain, String account) {
    MeshClient analyst = mesh.clientAs(Principal.of(account, ANALYST));
    analyst.registerDomain(domain).accounts(account).owner(domain + "@example.org").commit();
    return analyst;
  }

  AccountSetup ofCommerce() {
    return AccountSetup.of(config, commerce)
        .role(OPERATOR, AwsRoleKind.maintenance("commerce"))
        .notices();
  }

  AccountSetup ofFinance(String... senders) {
    return AccountSetup.of(config, finance)
        .role(ANALYST, AwsRoleKind.consumer("finance"))
        .notices(senders);
  }

  /** Deploys as administrators of the accounts. */
  void deploy(AccountSetup... setups) {
    for (AccountSetup setup : setups) {
      for (Template template : setup.templates()) {
        aws.runAs(template.account(), ADMINISTRATOR);
        aws.deploy(template.stack(), template.body());
      }
    }
    aws.reset();
  }

  /** Removes the bus with its queue from an account, as its administrator. */
  void removeBus(String account, AccountSetup without) {
    Template stack =
        without.templates().stream()
            .filter(template -> template.stack().equals("mesh-" + config.meshName()))
            .findFirst()
            .orElseThrow();
    aws.runAs(account, ADMINISTRATOR);
    aws.deploy(stack.stack(), stack.body());
  }

  /** Adds a rule and a queue for all that comes to the bus of an account, as its owner can. */
  void watch(String account) {
    String arn = "arn:aws:%s:" + aws.region() + ":" + account + ":%s";
    String queue = "watched-" + config.meshName();
    String rule = "rule/mesh-" + config.meshName() + "/watched";
    String template =
        """
        {"Resources": {
          "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "%1$s"}},
          "Policy": {"Type": "AWS::SQS::QueuePolicy", "DependsOn": ["Queue"], "Properties": {
            "Queues": ["https://sqs.%2$s.amazonaws.com/%3$s/%1$s"],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Sid": "Receive",
              "Effect": "Allow", "Principal": {"Service": ["events.amazonaws.com"]},
              "Action": ["sqs:SendMessage"], "Resource": ["%4$s"],
              "Condition": {"ArnEquals": {"aws:SourceArn": "%5$s"}}}]}}},
          "Rule": {"Type": "AWS::Events::Rule", "DependsOn": ["Queue"], "Properties": {
            "Name": "watched", "EventBusName": "mesh-%6$s", "State": "ENABLED",
            "EventPattern": {"source": ["meshwork.%6$s"]},
            "Targets": [{"Id": "watched", "Arn": "%4$s"}]}}}}
        """
            .formatted(
                queue,
                aws.region(),
                account,
                arn.formatted("sqs", queue),
                arn.formatted("events", rule),
                config.meshName());
    aws.runAs(account, ADMINISTRATOR);
    aws.deploy("watched-" + config.meshName(), template);
  }

  /** Receives all messages of the queue that {@link #watch} added, and deletes them. */
  List<String> watched(String account) {
    return received(account, ADMINISTRATOR, "watched-" + config.meshName());
  }

  /** Receives all messages of the queue of notices as a role, and deletes them. */
  List<String> received(String account, String role) {
    return received(account, role, "mesh-" + config.meshName() + "-notices");
  }

  private List<String> received(String account, String role, String queue) {
    aws.runAs(account, role);
    List<String> all = new ArrayList<>();
    try (SqsClient sqs = sqs()) {
      String url = sqs.getQueueUrl(get -> get.queueName(queue)).queueUrl();
      List<Message> some;
      do {
        some =
            sqs.receiveMessage(receive -> receive.queueUrl(url).maxNumberOfMessages(10)).messages();
        for (Message message : some) {
          all.add(message.body());
          sqs.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
        }
      } while (!some.isEmpty());
    }
    return all;
  }

  SqsClient sqs() {
    return SqsClient.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .httpClient(UrlConnectionHttpClient.builder().build())
        .build();
  }
}
