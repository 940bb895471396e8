package io.meshwork.internal.delivery;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.EventDetails;
import io.meshwork.event.EventDetails.TableCommit;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which notices an event gives: the same ids for the same event, whenever it is asked. Belongs to
 * one thread, and looks at each product and its subscribers once.
 */
final class NoticesOfEvent {
  /** So many changes are told of a contract. */
  private static final int MOST_CHANGES = 20;

  /** What one may know of a change who does not see every row. */
  private static final Set<String> WITHOUT_COUNTS =
      Set.of("publishId", "major", "contractVersion", "mode", "completeUpTo");

  private final ClientSession session;
  private final Map<String, Optional<ProductEntry>> products = new TreeMap<>();
  private final Map<String, List<NotifiedSubscriber>> subscribers = new TreeMap<>();

  NoticesOfEvent(ClientSession session) {
    this.session = session;
  }

  /** In the order of delivery; empty for events that nobody is told of. */
  List<Notice> of(MeshEvent event) {
    if (event.details() instanceof EventDetails.EventReference
        || event.details() instanceof EventDetails.UnknownDetails) {
      return List.of();
    }
    if (event.details() instanceof EventDetails.RightsChange changed) {
      return ofParts(event, changed);
    }
    return switch (event.type()) {
      case MeshEvent.PRODUCT_PUBLISHED, MeshEvent.PRODUCT_ENGINE_COMMIT ->
          ofRows(event, Kind.PUBLISHED, "published");
      case MeshEvent.PRODUCT_ROLLED_BACK -> ofRows(event, Kind.ROLLED_BACK, "rolled-back");
      case MeshEvent.PRODUCT_AMENDED -> ofAmendment(event);
      case MeshEvent.PRODUCT_DEFINED ->
          toOwner(event, Kind.DEFINED, "defined", " was defined", Map.of());
      case MeshEvent.PRODUCT_OPENED ->
          toOwner(event, Kind.OPENED, "opened", " was opened to the mesh", Map.of());
      case MeshEvent.SUBSCRIPTION_REGISTERED, MeshEvent.SUBSCRIPTION_AMENDED ->
          ofSubscription(event);
      case MeshEvent.SUBSCRIPTION_ENDED -> ofSubscriptionEnd(event);
      case MeshEvent.ACCESS_REQUESTED,
          MeshEvent.ACCESS_AMENDED,
          MeshEvent.ACCESS_ANSWERED,
          MeshEvent.ACCESS_ASKED_BACK,
          MeshEvent.ACCESS_APPROVED,
          MeshEvent.ACCESS_DENIED,
          MeshEvent.ACCESS_REMINDED,
          MeshEvent.ACCESS_EXPIRED,
          MeshEvent.GRANT_ENDING,
          MeshEvent.GRANT_ENDED ->
          ofAccess(event, whole(event), "");
      default -> List.of();
    };
  }

  private List<Notice> ofAccess(MeshEvent event, EventDetails.RightsEvent change, String suffix) {
    ProductEntry product = product(change.subject());
    return product == null
        ? List.of()
        : new AccessNotices(session, event, change, suffix, product).all();
  }

  private static EventDetails.RightsEvent whole(MeshEvent event) {
    return new EventDetails.RightsEvent(event.type(), event.subject(), event.details());
  }

  /** The notices that each change of rights would have caused by itself. */
  private List<Notice> ofParts(MeshEvent event, EventDetails.RightsChange changed) {
    List<Notice> notices = new ArrayList<>();
    for (int i = 0; i < changed.changes().size(); i++) {
      EventDetails.RightsEvent part = changed.changes().get(i);
      if (part.details() instanceof EventDetails.AccessDecision) {
        notices.addAll(ofAccess(event, part, "." + (i + 1)));
      }
    }
    return notices;
  }

  private List<Notice> ofRows(MeshEvent event, Kind kind, String effect) {
    TableCommit rows = (TableCommit) event.details();
    ProductEntry product = product(event.subject());
    List<Notice> notices = new ArrayList<>();
    if (product == null) {
      return notices;
    }
    boolean moved =
        rows.snapshot().isPresent()
            && (rows.completeUpTo().isPresent()
                || rows.rowsAccepted() + rows.rowsRemoved() + rows.rowsRestored() > 0);
    for (NotifiedSubscriber subscriber : subscribers(product)) {
      // That nothing moved is not told from something moving that is not seen.
      if (subscriber.major() == rows.major() && (moved || !subscriber.everyRow())) {
        notices.add(
            toSubscriber(event, kind, subscriber.effect(effect), product, rows, subscriber));
      }
    }
    if (rows.rowsQuarantined() > 0) {
      notices.addAll(
          toOwner(
              event,
              Kind.QUARANTINED,
              "quarantined",
              ": "
                  + rows.rowsQuarantined()
                  + " rows set aside, "
                  + rows.rowsAccepted()
                  + " published",
              facts(rows)));
    }
    return notices;
  }

  private static Notice toSubscriber(
      MeshEvent event,
      Kind kind,
      String effect,
      ProductEntry product,
      TableCommit rows,
      NotifiedSubscriber subscriber) {
    Map<String, String> facts = facts(rows);
    if (!subscriber.everyRow()) {
      facts.keySet().retainAll(WITHOUT_COUNTS);
    }
    facts.put("subscription", subscriber.domain() + "/" + subscriber.name());
    String what =
        subscriber.everyRow()
            ? ": " + rows.rowsAccepted() + " rows came, " + rows.rowsRemoved() + " went"
            : " was published to";
    String subject = product.name() + (kind == Kind.ROLLED_BACK ? " was rolled back" : what);
    String text =
        subject
            + " (major "
            + rows.major()
            + ", "
            + rows.mode().orElse("append")
            + ", "
            + event.at()
            + ")."
            + (subscriber.everyRow()
                ? " It has "
                    + facts.get("rowsTotal")
                    + " rows now, in snapshot "
                    + facts.get("snapshotId")
                    + "."
                : " You see some of its rows: poll to know whether any of these changed.")
            + " You are told since '"
            + subscriber.name()
            + "' of "
            + subscriber.domain()
            + " subscribes to it.";
    return notice(event, effect, kind, product, subscriber.contact(), subject, text, facts);
  }

  private List<Notice> ofAmendment(MeshEvent event) {
    EventDetails.ContractAmendment amended = (EventDetails.ContractAmendment) event.details();
    ProductEntry product = product(event.subject());
    List<Notice> notices = new ArrayList<>();
    if (product == null) {
      return notices;
    }
    String subject =
        product.name()
            + " "
            + amended.contract()
            + " is in force after "
            + amended.before()
            + ": "
            + amended.verdict();
    String changes = changes(product, amended);
    for (NotifiedSubscriber subscriber : subscribers(product)) {
      if (subscriber.major() == amended.major()) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("major", Integer.toString(amended.major()));
        facts.put("contractVersion", amended.contract().toString());
        facts.put("previousVersion", amended.before().toString());
        facts.put("verdict", amended.verdict());
        facts.put("reasonCode", amended.reasonCode());
        facts.put("subscription", subscriber.domain() + "/" + subscriber.name());
        notices.add(
            notice(
                event,
                subscriber.effect("amended"),
                Kind.AMENDED,
                product,
                subscriber.contact(),
                subject,
                subject
                    + " ("
                    + event.at()
                    + ")."
                    + changes
                    + " You are told since '"
                    + subscriber.name()
                    + "' of "
                    + subscriber.domain()
                    + " subscribes to it.",
                facts));
      }
    }
    return notices;
  }

  /** What changed, in sentences without values; contract versions never change. */
  private String changes(ProductEntry product, EventDetails.ContractAmendment amended) {
    Map<ContractVersion, Contract> contracts =
        session.catalog().contracts(product.name(), amended.major());
    Contract before = contracts.get(amended.before());
    Contract after = contracts.get(amended.contract());
    return before == null || after == null
        ? ""
        : before.differenceTo(after).changes().stream()
            .limit(MOST_CHANGES)
            .map(change -> " " + change.what())
            .collect(Collectors.joining());
  }

  private List<Notice> ofSubscription(MeshEvent event) {
    EventDetails.SubscriptionRegistration subscribed = (EventDetails.SubscriptionRegistration) event.details();
    String by = subscribed.domain() + "/" + subscribed.name();
    boolean isNew = event.type().equals(MeshEvent.SUBSCRIPTION_REGISTERED);
    return toOwner(
        event,
        Kind.SUBSCRIBED,
        isNew ? "subscribed" : "subscription-amended",
        (isNew ? " is subscribed to as " : ": a subscription was amended, ") + by,
        Map.of("subscription", by, "major", Integer.toString(subscribed.major())));
  }

  private List<Notice> ofSubscriptionEnd(MeshEvent event) {
    EventDetails.SubscriptionEnd ended = (EventDetails.SubscriptionEnd) event.details();
    String by = ended.domain() + "/" + ended.name();
    Map<String, String> facts = new TreeMap<>();
    facts.put("subscription", by);
    facts.put("major", Integer.toString(ended.major()));
    facts.put("state", ended.state());
    ended.reason().ifPresent(reason -> facts.put("reason", reason));
    String effect = "unsubscribed";
    if (!ended.byOwner()) {
      return toOwner(
          event, Kind.UNSUBSCRIBED, effect, ": the subscription " + by + " was ended", facts);
    }
    ProductEntry product = product(event.subject());
    if (product == null) {
      return List.of();
    }
    String subject = product.name() + ": your subscription " + by + " was ended by the owner";
    String text =
        subject
            + ", "
            + event.principal()
            + ", at "
            + event.at()
            + ". It was "
            + ended.state()
            + "."
            + ended.reason().map(reason -> " Reason: " + reason + ".").orElse("")
            + " Its position is gone. Subscribe again if you need it.";
    return List.of(
        notice(
            event,
            effect,
            Kind.UNSUBSCRIBED,
            product,
            contact(event, product, ended),
            subject,
            text,
            facts));
  }

  /** The contact that the subscription named, else that of its domain. */
  private String contact(
      MeshEvent event, ProductEntry product, EventDetails.SubscriptionEnd ended) {
    return session
        .ledger()
        .read(RegistryKeys.endedSubscription(event.partition(), product.name(), ended.name()))
        .map(kept -> kept.json().path("contact").asText())
        .filter(contact -> !contact.isEmpty())
        .orElseGet(
            () ->
                session
                    .catalog()
                    .requireDomain(
                        ended.domain(),
                        MeshAction.of(Verb.NOTIFY, "the contact of " + ended.domain()))
                    .domain()
                    .owner());
  }

  private List<Notice> toOwner(
      MeshEvent event, Kind kind, String effect, String what, Map<String, String> facts) {
    ProductEntry product = product(event.subject());
    if (product == null) {
      return List.of();
    }
    String subject = product.name() + what;
    String text = subject + " by " + event.principal() + " at " + event.at() + ".";
    String owner =
        session
            .catalog()
            .ownerOf(product, MeshAction.of(Verb.NOTIFY, "the owner of " + product.name()));
    return List.of(notice(event, effect, kind, product, owner, subject, text, facts));
  }

  private static Notice notice(
      MeshEvent event,
      String effect,
      Kind kind,
      ProductEntry product,
      String to,
      String subject,
      String text,
      Map<String, String> facts) {
    return new Notice(
        event.id() + "/" + effect,
        kind,
        product.name(),
        to,
        subject,
        text,
        event.at(),
        event.id(),
        facts);
  }

  private static Map<String, String> facts(TableCommit rows) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("publishId", rows.publishId());
    facts.put("major", Integer.toString(rows.major()));
    facts.put("contractVersion", rows.contract().toString());
    rows.mode().ifPresent(mode -> facts.put("mode", mode));
    rows.completeUpTo().ifPresent(time -> facts.put("completeUpTo", time.toString()));
    facts.put("rowsAccepted", Long.toString(rows.rowsAccepted()));
    facts.put("rowsQuarantined", Long.toString(rows.rowsQuarantined()));
    facts.put("rowsRemoved", Long.toString(rows.rowsRemoved()));
    rows.snapshot()
        .ifPresent(
            snapshot -> {
              facts.put("snapshotId", snapshot.id());
              facts.put("snapshotSequence", Long.toString(snapshot.sequence()));
              facts.put("rowsTotal", Long.toString(snapshot.rowsTotal()));
            });
    return facts;
  }

  /** Null if the product is no more: nobody answers for it or reads it. */
  private @Nullable ProductEntry product(String subject) {
    return products
        .computeIfAbsent(subject, named -> session.catalog().findProduct(ProductName.of(named)))
        .orElse(null);
  }

  private List<NotifiedSubscriber> subscribers(ProductEntry product) {
    return subscribers.computeIfAbsent(
        product.name().toString(), name -> NotifiedSubscriber.of(session, product));
  }
}
