package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsAccounts;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.OtherServiceRules;
import io.meshwork.testkit.aws.internal.access.S3Operation;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.catalog.AthenaRules;
import io.meshwork.testkit.aws.internal.catalog.GlueRules;
import io.meshwork.testkit.aws.internal.catalog.GlueStore;
import io.meshwork.testkit.aws.internal.catalog.LakeFormationRules;
import io.meshwork.testkit.aws.internal.catalog.QualityRules;
import io.meshwork.testkit.aws.internal.catalog.RamRules;
import io.meshwork.testkit.aws.internal.catalog.SchemaRules;
import io.meshwork.testkit.aws.internal.event.EventRules;
import io.meshwork.testkit.aws.internal.event.QueueRules;
import io.meshwork.testkit.aws.internal.event.TopicRules;
import io.meshwork.testkit.aws.internal.metric.MetricRules;
import io.meshwork.testkit.aws.internal.s3.S3Locks;
import io.meshwork.testkit.aws.internal.s3.S3Rules;
import io.meshwork.testkit.aws.internal.stack.StackRules;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Forwards a request as its caller, and applies what the servers lack. Thread-safe. */
final class AwsRules {
  private final AwsServerClient servers;
  private final AwsPermissions permissions;
  private final AwsAccounts accounts;
  private final S3Locks locks;
  private final ServiceRules s3;
  private final ServiceRules dynamoDb;
  private final ServiceRules sts;
  private final ServiceRules iam;
  private final ServiceRules others;
  private final ServiceRules glue;
  private final ServiceRules lakeFormation;
  private final ServiceRules ram;
  private final ServiceRules athena;
  private final ServiceRules cloudFormation;
  private final ServiceRules events;
  private final ServiceRules sqs;
  private final ServiceRules metrics;
  private final ServiceRules sns;
  private final AtomicReference<@Nullable URI> front = new AtomicReference<>();
  private final Queue<String> notEmulated = new ConcurrentLinkedQueue<>();

  AwsRules(AwsServerClient servers, AwsState state) {
    permissions = new AwsPermissions(state.roles(), state.lakes().organizations());
    this.servers = servers;
    accounts = state.accounts();
    locks = state.locks();
    s3 = new S3Rules(state.buckets(), permissions);
    dynamoDb =
        new DynamoDbRules(
            servers,
            permissions,
            state.recoverable(),
            new TableExports(servers, state.recoverable(), state.exports(), this::replyToService));
    sts = new StsRules(accounts, permissions);
    iam = new IamRules(state.roles(), permissions);
    others = new OtherServiceRules(permissions);
    GlueStore store = new GlueStore(servers);
    glue =
        new GlueRules(
            store,
            state.lakes(),
            permissions,
            new SchemaRules(state.schemas(), permissions),
            new QualityRules(store, permissions, state.rulesets()));
    lakeFormation = new LakeFormationRules(store, state.lakes(), permissions, accounts);
    ram = new RamRules(state.lakes(), permissions);
    athena = new AthenaRules(store, state.lakes(), permissions, state.queries());
    QueueRules queues = new QueueRules(servers, permissions);
    sqs = queues;
    sns = new TopicRules(state.events(), permissions);
    events = new EventRules(state.events(), queues, permissions);
    metrics = new MetricRules(state.metrics(), permissions);
    cloudFormation =
        new StackRules(
            state.stacks(), state.roles(), permissions, state.lakes().organizations(), front);
  }

  /** Returns the reply to a request; {@code rawQuery} is the query as sent, or null. */
  AwsReply reply(AwsRequest request, @Nullable String rawQuery)
      throws IOException, InterruptedException {
    String service = request.scope().service();
    AwsIdentity caller = caller(request);
    ServiceRules rules = rules(service);
    try {
      AwsReply ownReply = rules.ownReply(request, caller);
      if (ownReply != null) {
        return ownReply;
      }
    } catch (NotEmulatedException e) {
      String reason = String.valueOf(e.getMessage());
      notEmulated.add(service + ":" + request.operation() + ": " + reason);
      return AwsReply.error(service, 400, "NotEmulated", reason);
    } catch (AwsErrorException e) {
      return AwsReply.error(service, 400, e.code(), String.valueOf(e.getMessage()));
    }
    return rules.reply(request, caller, sent(request, rawQuery, caller.account()));
  }

  /** Returns the reply to a request that a service sends for its caller. */
  private AwsReply replyToService(AwsRequest request) throws IOException {
    String query =
        request.query().entrySet().stream()
            .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
            .collect(Collectors.joining("&"));
    try {
      return reply(request, query.isEmpty() ? null : query);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** The server has done a write when its reply starts. */
  private AwsReply sent(AwsRequest request, @Nullable String rawQuery, String account)
      throws IOException, InterruptedException {
    if (!request.scope().service().equals("s3")) {
      return servers.send(request, rawQuery, account);
    }
    try (S3Locks.Guard write = locks.acquire(S3Operation.of(request))) {
      return servers.send(request, rawQuery, account);
    }
  }

  /** Sets where CloudFormation sends the requests for what it creates. */
  void front(URI endpoint) {
    front.set(endpoint);
  }

  /** Returns who sends a request. */
  AwsIdentity caller(AwsRequest request) {
    return accounts.identity(request.scope().accessKey());
  }

  AwsPermissions permissions() {
    return permissions;
  }

  /** Returns the requests that were rejected because the emulator does not know their effect. */
  List<String> notEmulated() {
    return List.copyOf(notEmulated);
  }

  private ServiceRules rules(String service) {
    return switch (service) {
      case "s3" -> s3;
      case "dynamodb" -> dynamoDb;
      case "sts" -> sts;
      case "iam" -> iam;
      case "glue" -> glue;
      case "lakeformation" -> lakeFormation;
      case "ram" -> ram;
      case "athena" -> athena;
      case "cloudformation" -> cloudFormation;
      case "events" -> events;
      case "sqs" -> sqs;
      case "monitoring" -> metrics;
      case "sns" -> sns;
      default -> others;
    };
  }
}
