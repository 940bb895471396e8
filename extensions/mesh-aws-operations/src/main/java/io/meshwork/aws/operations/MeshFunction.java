package io.meshwork.aws.operations;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.maintenance.Maintain.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Operates a mesh on AWS as a function of AWS Lambda, with the role of the function. The handler is
 * {@code io.meshwork.aws.operations.MeshFunction::run}; it needs no library of Lambda. Let a
 * schedule start it every 15 minutes, with a timeout of 15 minutes, and the queue {@code
 * mesh-<name>-changes} if engines are to see changes at once. Stateless.
 */
public final class MeshFunction {
  /** The environment variable with the address of the mesh. */
  static final String ADDRESS = "MESH_ADDRESS";

  /** The environment variable that says where events and notices are sent. */
  static final String NOTIFIER = "MESH_NOTIFIER";

  private static final String EVENTBRIDGE = "eventbridge";

  private static final Logger LOG = LoggerFactory.getLogger(MeshFunction.class);

  /** Lambda ends a function after at most 15 minutes; the next run continues. */
  private static final Duration WITHIN = Duration.ofMinutes(13);

  /** Creates it. Lambda calls this. */
  public MeshFunction() {}

  /**
   * Does what is due in the mesh of the environment variable {@code MESH_ADDRESS}, such as {@code
   * aws:eu-central-1/111111111111/sales?cloudWatch}, within 13 minutes, as {@link
   * Mesh#operate(Duration)}. Messages of a queue of Amazon SQS start {@link
   * Mesh#mirrorChanges(Map)} instead. Sends events and notices with {@link AwsMesh#notifier} if
   * {@code MESH_NOTIFIER} is {@code eventbridge}. Errors and warnings that are left are also
   * logged.
   *
   * @param event what started the function: the event of an event source mapping of SQS, or any
   *     other; null if an invocation has none
   * @return {@code done}, the counts by the kind of work, and {@code left}, a string for each error
   *     and warning; for messages {@code batchItemFailures}, with the IDs of messages that have to
   *     come again
   * @throws io.meshwork.error.InvalidRequestException CONFIG_INVALID if {@code MESH_ADDRESS} is not
   *     set, or a variable has another value
   * @throws io.meshwork.error.MeshException if the mesh cannot be opened, or its registry fails
   */
  public Map<String, Object> run(@Nullable Map<String, Object> event) {
    return run(event, System.getenv());
  }

  static Map<String, Object> run(
      @Nullable Map<String, Object> event, Map<String, String> environment) {
    Map<String, String> messages = messages(event);
    try (Mesh mesh = open(environment)) {
      return messages.isEmpty()
          ? answer(mesh.operate(WITHIN))
          : failures(mesh.mirrorChanges(messages));
    }
  }

  /** Returns the bodies of messages by ID; empty if the event is not one of SQS. */
  private static Map<String, String> messages(@Nullable Map<String, Object> event) {
    Map<String, String> messages = new LinkedHashMap<>();
    if (event != null && event.get("Records") instanceof List<?> records) {
      for (Object each : records) {
        if (each instanceof Map<?, ?> message && "aws:sqs".equals(message.get("eventSource"))) {
          messages.put(
              String.valueOf(message.get("messageId")), String.valueOf(message.get("body")));
        }
      }
    }
    return messages;
  }

  private static Map<String, Object> failures(Set<String> messages) {
    return Map.of(
        "batchItemFailures",
        messages.stream().map(message -> Map.of("itemIdentifier", message)).toList());
  }

  private static Mesh open(Map<String, String> environment) {
    String address = environment.get(ADDRESS);
    if (address == null) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh of this function"))
          .because("the environment variable " + ADDRESS + " is not set")
          .fix("Set it to an address such as aws:eu-central-1/111111111111/sales.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    AwsConfig config = AwsConfig.of(address);
    Mesh.Builder builder = AwsMesh.builder(config);
    String notifier = environment.getOrDefault(NOTIFIER, "");
    if (notifier.equals(EVENTBRIDGE)) {
      builder.notifier(EVENTBRIDGE, AwsMesh.notifier(config));
    } else if (!notifier.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh of this function"))
          .because("the environment variable " + NOTIFIER + " is not '" + EVENTBRIDGE + "'")
          .fix("Set it to '" + EVENTBRIDGE + "', or remove it to send no events and notices.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    return builder.open();
  }

  private static Map<String, Object> answer(Report report) {
    Map<String, Long> done = new LinkedHashMap<>();
    for (Report.Work work : Report.Work.values()) {
      if (report.total(work) > 0) {
        done.put(work.name(), report.total(work));
      }
    }
    List<String> remaining = new ArrayList<>();
    for (Finding finding : report.remaining()) {
      if (finding.severity() != Finding.Severity.NOTE) {
        LOG.warn("{}", finding);
        remaining.add(finding.toString());
      }
    }
    return Map.of("done", done, "left", remaining);
  }
}
