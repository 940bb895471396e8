package io.meshwork.aws.internal.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.endpoints.SqsEndpointProvider;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;

/** The events that rules of the event bus put into a queue. Thread-safe. */
final class SqsChangeQueue implements ChangeQueue {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The codes of a missing queue, in both protocols of SQS. */
  private static final Set<String> MISSING =
      Set.of("QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue");

  /** What SQS accepts in a request. */
  private static final int BATCH = 10;

  /** After it, a message comes again: longer than a run of the mirrors takes as a rule. */
  private static final Duration HIDDEN = Duration.ofMinutes(2);

  /** As with all clients of a mesh, endpoints of the environment have no effect. */
  private static final ServiceClient<SqsClientBuilder, SqsClient> SERVICE =
      new ServiceClient<>(
          SqsClient.class,
          "sqs",
          SqsClient::builder,
          builder -> builder.endpointProvider(ofRegion()));

  private final String source;
  private final String queue;
  private final String url;
  private final RoleSessions roles;
  private final Principal self;

  SqsChangeQueue(String mesh, ResourceNames names, RoleSessions roles, Principal self) {
    this.source = "meshwork." + mesh;
    this.queue = ResourceNames.changeQueue(mesh);
    this.url = names.queueUrl(self.account(), queue);
    this.roles = roles;
    this.self = self;
  }

  private static SqsEndpointProvider ofRegion() {
    SqsEndpointProvider rules = SqsEndpointProvider.defaultProvider();
    return place -> rules.resolveEndpoint(place.toBuilder().endpoint(null).build());
  }

  /**
   * Returns messages of the queue; one that is not an event of the mesh is UNKNOWN.
   *
   * @throws BackendException BACKEND_FAILED or PERMISSION_MISSING
   */
  @Override
  public List<Change> receive(Duration wait) {
    try {
      return client()
          .receiveMessage(
              receive ->
                  receive
                      .queueUrl(url)
                      .maxNumberOfMessages(BATCH)
                      .visibilityTimeout(Math.toIntExact(HIDDEN.toSeconds()))
                      .waitTimeSeconds(Math.toIntExact(wait.toSeconds())))
          .messages()
          .stream()
          .map(message -> change(message.receiptHandle(), message.body()))
          .toList();
    } catch (SdkException e) {
      throw failed(Verb.READ, "sqs:ReceiveMessage", e);
    }
  }

  @Override
  public Change change(String receipt, String body) {
    JsonNode message;
    try {
      message = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      message = JSON.missingNode();
    }
    JsonNode detail = message.path("detail");
    boolean isOurs = message.path("source").asText().equals(source);
    return new Change(
        receipt,
        MeshEvent.Type.of(isOurs ? detail.path("event").asText() : ""),
        detail.path("subject").asText());
  }

  @Override
  public void remove(List<Change> changes) {
    try {
      for (int from = 0; from < changes.size(); from += BATCH) {
        List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
        for (Change change : changes.subList(from, Math.min(from + BATCH, changes.size()))) {
          entries.add(
              DeleteMessageBatchRequestEntry.builder()
                  .id(String.valueOf(entries.size()))
                  .receiptHandle(change.receipt())
                  .build());
        }
        // What is not deleted comes again.
        client().deleteMessageBatch(delete -> delete.queueUrl(url).entries(entries));
      }
    } catch (SdkException e) {
      throw failed(Verb.CLEAR, "sqs:DeleteMessage", e);
    }
  }

  private SqsClient client() {
    return roles.client(self, SERVICE);
  }

  private BackendException failed(Verb verb, String permission, SdkException e) {
    Failure failed =
        Failure.of(MeshAction.of(verb, "the queue " + queue + " of " + self.account()))
            .state("Its messages come again.")
            .cause(e);
    if (e instanceof AbortedException) {
      return failed.because("the thread was interrupted").passing(ErrorCode.INTERRUPTED);
    }
    if (e instanceof AwsServiceException service && MISSING.contains(AwsFailure.codeOf(service))) {
      return failed
          .because("the queue does not exist")
          .fix(
              "Deploy the template of the account of the mesh with its event bus for notices, or"
                  + " run the mirrors from a scheduler alone.")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    if (AwsFailure.isDenied(e)) {
      return AwsFailure.permissionMissing(failed, self.toString(), permission, url, e);
    }
    Failure described = failed.because(AwsFailure.describe(e));
    return AwsFailure.isPassing(e)
        ? described
            .fix(AwsFailure.fixOf(e, "Wait, or check the status of SQS."))
            .passing(ErrorCode.BACKEND_FAILED)
        : described.fix(AwsFailure.fixOf(e, "Check the queue.")).lasting(ErrorCode.BACKEND_FAILED);
  }
}
