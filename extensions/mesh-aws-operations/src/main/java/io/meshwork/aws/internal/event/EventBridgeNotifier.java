package io.meshwork.aws.internal.event;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.DeniedPermission;
import io.meshwork.aws.internal.EventProvider.OwnClients;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Domain;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;

/**
 * Sends each event to the bus of its owner's account and each notice to its recipient's, one per
 * request: the next one of a log waits until this one was accepted. Thread-safe.
 */
final class EventBridgeNotifier implements Notifier {
  private static final String PERMISSION = "events:PutEvents";
  private static final String THIS_PROCESS = "this process";
  private static final String BUS_FIX =
      "Deploy the templates of both accounts with their event buses for notices, and retry the"
          + " parked notices.";

  /** The codes of entries that AWS documents as worth another attempt. */
  private static final Set<String> PASSING = Set.of("InternalFailure", "ThrottlingException");

  /** The codes of requests whose access key AWS does not know, such as a new one. */
  private static final Set<String> UNKNOWN_KEY =
      Set.of("UnrecognizedClientException", "InvalidClientTokenId");

  private final String mesh;
  private final ResourceNames names;
  private final OwnClients clients;

  /** The buses of other accounts, which cannot be described. */
  private final Set<String> foreign = ConcurrentHashMap.newKeySet();

  EventBridgeNotifier(String mesh, ResourceNames names, OwnClients clients) {
    this.mesh = mesh;
    this.names = names;
    this.clients = clients;
  }

  /**
   * What is sent at once.
   *
   * @param name what it is, such as {@code notice commerce/orders/17/defined}
   * @param recipient the domain to whose account it is sent
   * @param type the type of its detail
   */
  private record Sent(String name, Domain recipient, String type, Instant at, String detail) {}

  @Override
  public boolean deliversEvents() {
    return true;
  }

  /**
   * Sends the event to the account of the domain whose log has it, without what people wrote, and
   * returns after EventBridge accepted it.
   *
   * @throws BackendException if it did not
   */
  @Override
  public void deliver(MeshEvent event, Domain owner) {
    send(
        new Sent(
            "event " + event.id(),
            owner,
            event.typeName(),
            event.at(),
            EventDetail.of(mesh, event, owner.name())));
  }

  /**
   * Sends the notice and returns after EventBridge accepted it.
   *
   * @throws BackendException if it did not
   */
  @Override
  public void deliver(Notice notice) {
    send(
        new Sent(
            "notice " + notice.id(),
            notice.domain(),
            "notice." + notice.kind().name(),
            notice.at(),
            NoticeDetail.of(mesh, notice)));
  }

  private void send(Sent sent) {
    String account = account(sent);
    String bus = names.eventBus(account, mesh);
    PutEventsRequestEntry entry =
        PutEventsRequestEntry.builder()
            .eventBusName(bus)
            .source("meshwork." + mesh)
            .detailType(sent.type())
            .time(sent.at())
            .detail(sent.detail())
            .build();
    PutEventsResultEntry result;
    try {
      EventBridgeClient client = clients.client(account, EventBridgeService.CLIENT);
      requireBus(client, sent, account, bus);
      result = client.putEvents(put -> put.entries(entry)).entries().get(0);
    } catch (AbortedException e) {
      throw failure(sent, bus)
          .because("the thread was interrupted")
          .state("It may have been sent; it is delivered again later.")
          .cause(e)
          .passing(ErrorCode.INTERRUPTED);
    } catch (SdkException e) {
      throw failed(sent, bus, e);
    }
    // The request succeeds even if EventBridge rejects the event.
    if (result.errorCode() != null) {
      throw rejected(sent, bus, result.errorCode());
    }
  }

  /**
   * EventBridge accepts events for a missing bus of the caller's account, and drops them. So each
   * delivery asks for it, because the bus may be deleted meanwhile. A bus of another account cannot
   * be described; there, EventBridge denies what no policy permits.
   */
  private void requireBus(EventBridgeClient client, Sent sent, String account, String bus) {
    if (foreign.contains(bus)) {
      return;
    }
    try {
      client.describeEventBus(describe -> describe.name(bus));
    } catch (ResourceNotFoundException e) {
      throw failure(sent, bus)
          .because("the event bus does not exist")
          .fix(BUS_FIX)
          .cause(e)
          .lasting(ErrorCode.BACKEND_FAILED);
    } catch (SdkException e) {
      if (!AwsFailure.isDenied(e)) {
        throw e;
      }
      String caller = callerOf(e);
      if (caller.equals(THIS_PROCESS) || caller.startsWith(account + "/")) {
        throw AwsFailure.permissionMissing(
            failure(sent, bus).cause(e), caller, "events:DescribeEventBus", bus, e);
      }
      foreign.add(bus);
    }
  }

  /** Returns the role that was denied, if AWS names it. */
  private static String callerOf(SdkException denied) {
    return DeniedPermission.of(denied).map(DeniedPermission::caller).orElse(THIS_PROCESS);
  }

  private static String account(Sent sent) {
    return sent.recipient().accounts().stream()
        .filter(ResourceNames::isAccount)
        .findFirst()
        .orElseThrow(
            () ->
                failure(sent, "EventBridge")
                    .because("domain '" + sent.recipient().name() + "' has no AWS account")
                    .fix(
                        "Add one with registerDomain(\""
                            + sent.recipient().name()
                            + "\").accounts(..), and retry the parked notices.")
                    .lasting(ErrorCode.BACKEND_FAILED));
  }

  private BackendException failed(Sent sent, String bus, SdkException e) {
    Failure failed = failure(sent, bus).cause(e);
    if (AwsFailure.isDenied(e)) {
      return AwsFailure.permissionMissing(failed, callerOf(e), PERMISSION, bus, e);
    }
    Failure described = failed.because(AwsFailure.describe(e));
    return AwsFailure.isPassing(e) || isAboutCredentials(e)
        ? described
            .state("It may have been sent; it is delivered again later.")
            .fix(AwsFailure.fixOf(e, "Wait, or check the status of EventBridge."))
            .passing(ErrorCode.BACKEND_FAILED)
        : described.fix(AwsFailure.fixOf(e, BUS_FIX)).lasting(ErrorCode.BACKEND_FAILED);
  }

  /** Missing credentials may be there again soon, so notices are not parked for them. */
  private static boolean isAboutCredentials(SdkException e) {
    return !(e instanceof AwsServiceException service)
        || UNKNOWN_KEY.contains(AwsFailure.codeOf(service));
  }

  private BackendException rejected(Sent sent, String bus, String code) {
    Failure failed = failure(sent, bus).because("EventBridge rejected the event: " + code);
    return PASSING.contains(code)
        ? failed
            .state("It was not sent; it is delivered again later.")
            .fix("Wait, or check the status of EventBridge.")
            .passing(ErrorCode.BACKEND_FAILED)
        : failed
            .fix(BUS_FIX)
            .lasting(
                code.equals("AccessDeniedException")
                    ? ErrorCode.PERMISSION_MISSING
                    : ErrorCode.BACKEND_FAILED);
  }

  private static Failure failure(Sent sent, String bus) {
    return Failure.of(MeshAction.of(Verb.DELIVER, sent.name() + " to " + bus))
        .state("It was not sent.");
  }
}
