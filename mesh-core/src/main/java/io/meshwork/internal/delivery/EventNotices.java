package io.meshwork.internal.delivery;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.EndedSubscription;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.Restoration;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Creates the notices of an event, always with the same IDs for the same event. Reads each product
 * and its subscribers once. Not thread-safe.
 */
final class EventNotices {
  /** The most changes of a contract that a notice lists. */
  private static final int MAX_CHANGES = 20;

  /** The facts for subscribers who do not see every row. */
  private static final String ROWS_QUARANTINED = "rowsQuarantined";

  private static final Set<String> WITHOUT_COUNTS =
      Set.of("publishId", "major", "contractVersion", "mode", "completeUpTo");

  private final ClientSession session;
  private final RecipientDomains domains;
  private final Map<String, Optional<ProductEntry>> products = new TreeMap<>();
  private final Map<String, List<NotifiedSubscriber>> subscribers = new TreeMap<>();

  EventNotices(ClientSession session) {
    this.session = session;
    this.domains = new RecipientDomains(session);
  }

  /** Returns the notices in the order of delivery; empty for events without notices. */
  List<Notice> of(MeshEvent event) {
    EventDetails details = EventDetailsCodec.detailsOf(event);
    if (details instanceof EventDetails.EventReference
        || details instanceof EventDetails.UnknownDetails) {
      return List.of();
    }
    if (details instanceof EventDetails.RightsCommit rights) {
      return ofParts(event, rights);
    }
    return switch (event.type()) {
      case PRODUCT_PUBLISHED, PRODUCT_ENGINE_COMMIT ->
          ofRows(event, (TableCommit) details, Kind.PUBLISHED, "published");
      case PRODUCT_BACK_FILLED ->
          ofRows(event, (TableCommit) details, Kind.PUBLISHED, "back-filled");
      case PRODUCT_ROLLED_BACK ->
          ofRows(event, (TableCommit) details, Kind.ROLLED_BACK, "rolled-back");
      case PRODUCT_AMENDED -> join(ofAmendment(event, details), ofSuggestion(event, details));
      case PRODUCT_DEFINED -> toOwner(event, Kind.DEFINED, "defined", " was defined", Map.of());
      case PRODUCT_OPENED ->
          toOwner(event, Kind.OPENED, "opened", " was opened to the mesh", Map.of());
      case PRODUCT_CLOSED -> ofClosing(event, event.subject(), "");
      case SUBSCRIPTION_REGISTERED, SUBSCRIPTION_AMENDED ->
          ofSubscription(event, (EventDetails.LoggedSubscription) details);
      case SUBSCRIPTION_ENDED -> ofSubscriptionEnd(event, (EventDetails.SubscriptionEnd) details);
      case ACCESS_REQUESTED,
          ACCESS_AMENDED,
          ACCESS_ANSWERED,
          ACCESS_ASKED_BACK,
          ACCESS_APPROVED,
          ACCESS_DENIED,
          ACCESS_REMINDED,
          ACCESS_EXPIRED,
          GRANT_ENDING,
          GRANT_ENDED ->
          ofAccess(event, rightsEvent(event, details), "");
      case ROLLOUT_RETIRED, ROLLOUT_RESTORED, PRODUCT_SUSPENDED, PRODUCT_RESUMED ->
          ofReads(event, details);
      case SUGGESTION_MADE, SUGGESTION_ANSWERED, ROLLOUT_PLANNED, ROLLOUT_ACTIVATED ->
          ofSuggestion(event, details);
      case PRODUCT_LATE, PRODUCT_LATENESS_ESCALATED, PRODUCT_FRESH -> ofLateness(event, details);
      case ROLLOUT_OFFERED, ROLLOUT_ANSWERED, ROLLOUT_REMINDED, ROLLOUT_ESCALATED ->
          ofRollout(event, details);
      case ROLLOUT_ABORTED -> join(ofRollout(event, details), ofSuggestion(event, details));
      default -> List.of();
    };
  }

  private List<Notice> ofReads(MeshEvent event, EventDetails details) {
    ProductEntry product = product(event.subject());
    return product == null
        ? List.of()
        : new ReadNotices(session, event, details, product, domains).all();
  }

  private List<Notice> ofSuggestion(MeshEvent event, EventDetails details) {
    ProductEntry product = product(event.subject());
    return product == null
        ? List.of()
        : new SuggestionNotices(session, event, details, product, domains).all();
  }

  private static List<Notice> join(List<Notice> first, List<Notice> others) {
    return Stream.concat(first.stream(), others.stream()).toList();
  }

  private List<Notice> ofLateness(MeshEvent event, EventDetails details) {
    ProductEntry product = product(event.subject());
    return product != null && details instanceof EventDetails.LatenessChange change
        ? new LatenessNotices(session, event, change, product, domains).all()
        : List.of();
  }

  private List<Notice> ofAccess(MeshEvent event, EventDetails.RightsEvent change, String suffix) {
    ProductEntry product = product(change.subject());
    return product == null
        ? List.of()
        : new AccessNotices(session, event, change, suffix, product, domains).all();
  }

  private List<Notice> ofRollout(MeshEvent event, EventDetails details) {
    ProductEntry product = product(event.subject());
    return product != null && details instanceof EventDetails.RolloutChange change
        ? new RolloutNotices(session, event, change, product, domains).all()
        : List.of();
  }

  private static EventDetails.RightsEvent rightsEvent(MeshEvent event, EventDetails details) {
    return new EventDetails.RightsEvent(event.type(), event.subject(), details);
  }

  /** The notices of each change of rights. */
  private List<Notice> ofParts(MeshEvent event, EventDetails.RightsCommit rights) {
    List<Notice> notices = new ArrayList<>();
    for (int i = 0; i < rights.changes().size(); i++) {
      EventDetails.RightsEvent part = rights.changes().get(i);
      String suffix = "." + (i + 1);
      if (part.details() instanceof EventDetails.AccessRequestDecision) {
        notices.addAll(ofAccess(event, part, suffix));
      } else if (part.type() == MeshEvent.Type.PRODUCT_CLOSED) {
        notices.addAll(ofClosing(event, part.subject(), suffix));
      }
    }
    return notices;
  }

  /** The notices to the owner, and to the subscribers that can no longer read the product. */
  private List<Notice> ofClosing(MeshEvent event, String closed, String suffix) {
    List<Notice> notices = new ArrayList<>();
    ProductEntry product = product(closed);
    if (product == null) {
      return notices;
    }
    String subject = product.name() + " was closed to the mesh";
    String text = subject + " by " + event.principal() + " at " + event.at() + ".";
    notices.add(
        notice(
            event,
            "closed" + suffix,
            Kind.CLOSED,
            product,
            product.name().domain(),
            owner(product),
            subject,
            text,
            Map.of()));
    for (NotifiedSubscriber subscriber : NotifiedSubscriber.withoutAccess(session, product)) {
      String by = subscriber.domain() + "/" + subscriber.name();
      notices.add(
          notice(
              event,
              subscriber.effect("closed") + suffix,
              Kind.CLOSED,
              product,
              subscriber.domain(),
              subscriber.contact(),
              subject,
              text
                  + " Your subscription "
                  + by
                  + " can no longer read it. If you need access, request it with"
                  + " requests().requestAccess(\""
                  + product.name()
                  + "\").",
              Map.of("subscription", by, "major", Integer.toString(subscriber.major()))));
    }
    return notices;
  }

  private String owner(ProductEntry product) {
    return session
        .catalog()
        .ownerOf(product, MeshAction.of(Verb.NOTIFY, "the owner of " + product.name()));
  }

  private List<Notice> ofRows(MeshEvent event, TableCommit commit, Kind kind, String effect) {
    ProductEntry product = product(event.subject());
    List<Notice> notices = new ArrayList<>();
    if (product == null) {
      return notices;
    }
    for (MajorCommit rows : commit.majors()) {
      boolean changed =
          rows.snapshot().isPresent()
              && (commit.dataTime().isPresent()
                  || rows.rowsAccepted() + rows.rowsRemoved() + restored(rows) > 0);
      for (NotifiedSubscriber subscriber : subscribers(product)) {
        // Subscribers that see only some rows must not learn whether other rows changed.
        if (subscriber.major() == rows.major() && (changed || !subscriber.everyRow())) {
          notices.add(
              toSubscriber(
                  event, kind, subscriber.effect(effect), product, commit, rows, subscriber));
        }
      }
      if (rows.rowsQuarantined() > 0) {
        notices.addAll(quarantined(event, commit, rows));
      }
    }
    return notices;
  }

  private static long restored(MajorCommit rows) {
    return rows.restoration().map(Restoration::rowsRestored).orElse(0L);
  }

  /** The notice to the owner. Notices of several major versions have different IDs. */
  private List<Notice> quarantined(MeshEvent event, TableCommit commit, MajorCommit rows) {
    boolean several = commit.majors().size() > 1;
    return toOwner(
        event,
        Kind.QUARANTINED,
        "quarantined" + (several ? ".v" + rows.major() : ""),
        ": "
            + Count.of(rows.rowsQuarantined(), "row")
            + " quarantined, "
            + rows.rowsAccepted()
            + " published"
            + (several ? " in major " + rows.major() : ""),
        facts(commit, rows));
  }

  private Notice toSubscriber(
      MeshEvent event,
      Kind kind,
      String effect,
      ProductEntry product,
      TableCommit commit,
      MajorCommit rows,
      NotifiedSubscriber subscriber) {
    Map<String, String> facts = facts(commit, rows);
    if (!subscriber.everyRow()) {
      facts.keySet().retainAll(WITHOUT_COUNTS);
    } else if (!subscriber.everyCell()) {
      facts.remove(ROWS_QUARANTINED);
    }
    facts.put("subscription", subscriber.domain() + "/" + subscriber.name());
    String what =
        subscriber.everyRow()
            ? ": "
                + Count.of(rows.rowsAccepted(), "row")
                + " added, "
                + rows.rowsRemoved()
                + " removed"
            : " was published to";
    String subject = product.name() + (kind == Kind.ROLLED_BACK ? " was rolled back" : what);
    String text =
        subject
            + " (major "
            + rows.major()
            + ", "
            + commit.mode().orElse("append")
            + ", "
            + event.at()
            + ")."
            + (subscriber.everyRow()
                ? " It now has "
                    + facts.get("rowsTotal")
                    + " rows, in snapshot "
                    + facts.get("snapshotId")
                    + "."
                : " You can read some of its rows: poll to find out whether any of them changed.")
            + " You receive this notice because '"
            + subscriber.name()
            + "' of "
            + subscriber.domain()
            + " subscribes to it.";
    return notice(
        event,
        effect,
        kind,
        product,
        subscriber.domain(),
        subscriber.contact(),
        subject,
        text,
        facts);
  }

  private List<Notice> ofAmendment(MeshEvent event, EventDetails details) {
    ProductEntry product = product(event.subject());
    List<Notice> notices = new ArrayList<>();
    if (product == null || !(details instanceof EventDetails.ContractVersionChange amendment)) {
      return notices;
    }
    String subject =
        product.name()
            + " "
            + amendment.contractVersion()
            + " replaces "
            + amendment.previousVersion()
            + ": "
            + amendment.verdict();
    String changes = changes(product, amendment);
    for (NotifiedSubscriber subscriber : subscribers(product)) {
      if (subscriber.major() == amendment.major()) {
        Map<String, String> facts = facts(amendment);
        facts.put("subscription", subscriber.domain() + "/" + subscriber.name());
        notices.add(
            notice(
                event,
                subscriber.effect("amended"),
                Kind.AMENDED,
                product,
                subscriber.domain(),
                subscriber.contact(),
                subject,
                subject
                    + " ("
                    + event.at()
                    + ")."
                    + changes
                    + " You receive this notice because '"
                    + subscriber.name()
                    + "' of "
                    + subscriber.domain()
                    + " subscribes to it.",
                facts));
      }
    }
    if (amendment.rollout().isPresent()) {
      notices.addAll(toReaders(event, product, amendment, subject, changes));
    }
    return notices;
  }

  /** To domains that read without a subscription, which were notified of the announcement. */
  private List<Notice> toReaders(
      MeshEvent event,
      ProductEntry product,
      EventDetails.ContractVersionChange amendment,
      String subject,
      String changes) {
    List<Notice> notices = new ArrayList<>();
    for (NotifiedReader reader :
        NotifiedReader.of(session, product, Set.of(amendment.major()), event.at())) {
      Map<String, String> facts = facts(amendment);
      facts.put("consumer", reader.consumer());
      notices.add(
          notice(
              event,
              reader.effect("amended"),
              Kind.AMENDED,
              product,
              reader.domain(),
              reader.contact(),
              subject,
              subject
                  + " ("
                  + event.at()
                  + ")."
                  + changes
                  + " You receive this notice because "
                  + reader.consumer()
                  + " reads it.",
              facts));
    }
    return notices;
  }

  private static Map<String, String> facts(EventDetails.ContractVersionChange amendment) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("major", Integer.toString(amendment.major()));
    facts.put("contractVersion", amendment.contractVersion().toString());
    facts.put("previousVersion", amendment.previousVersion().toString());
    facts.put("verdict", amendment.verdict().toString());
    facts.put("reasonCode", amendment.reasonCode());
    return facts;
  }

  /** The changes, in sentences. */
  private String changes(ProductEntry product, EventDetails.ContractVersionChange amendment) {
    Map<ContractVersion, Contract> contracts =
        session.catalog().contracts(product.name(), amendment.major());
    Contract before = contracts.get(amendment.previousVersion());
    Contract after = contracts.get(amendment.contractVersion());
    return before == null || after == null
        ? ""
        : before.differenceTo(after).changes().stream()
            .limit(MAX_CHANGES)
            .map(change -> " " + change.what())
            .collect(Collectors.joining());
  }

  private List<Notice> ofSubscription(
      MeshEvent event, EventDetails.LoggedSubscription subscription) {
    String by = subscription.subscription();
    boolean isNew = event.type() == MeshEvent.Type.SUBSCRIPTION_REGISTERED;
    Map<String, String> facts = new TreeMap<>();
    facts.put("subscription", by);
    facts.put("major", Integer.toString(subscription.major()));
    subscription.fromMajor().ifPresent(from -> facts.put("fromMajor", Integer.toString(from)));
    subscription.because().ifPresent(because -> facts.put("because", because));
    return toOwner(
        event,
        Kind.SUBSCRIBED,
        isNew ? "subscribed" : "subscription-amended",
        (isNew ? " has the new subscription " : " has the amended subscription ") + by,
        facts);
  }

  private List<Notice> ofSubscriptionEnd(MeshEvent event, EventDetails.SubscriptionEnd end) {
    String by = end.subscription();
    Map<String, String> facts = new TreeMap<>();
    facts.put("subscription", by);
    facts.put("major", Integer.toString(end.major()));
    facts.put("state", end.state());
    end.reason().ifPresent(reason -> facts.put("reason", reason));
    String effect = "unsubscribed";
    if (!end.endedBy().equals("owner")) {
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
            + end.state()
            + "."
            + end.reason().map(reason -> " Reason: " + reason + ".").orElse("")
            + " Its position was deleted. Subscribe again if you need it.";
    return List.of(
        notice(
            event,
            effect,
            Kind.UNSUBSCRIBED,
            product,
            by.substring(0, by.indexOf('/')),
            contact(event, product, end),
            subject,
            text,
            facts));
  }

  /** The contact of the subscription, otherwise its domain's. */
  private String contact(MeshEvent event, ProductEntry product, EventDetails.SubscriptionEnd end) {
    String[] by = end.subscription().split("/", 2);
    return session
        .ledger()
        .read(RegistryKeys.endedSubscription(event.partition(), product.name(), by[1]))
        .map(stored -> EndedSubscription.of(stored).contact())
        .filter(contact -> !contact.isEmpty())
        .orElseGet(
            () ->
                session
                    .catalog()
                    .requireDomain(by[0], MeshAction.of(Verb.NOTIFY, "the contact of " + by[0]))
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
    return List.of(
        notice(
            event,
            effect,
            kind,
            product,
            product.name().domain(),
            owner(product),
            subject,
            text,
            facts));
  }

  private Notice notice(
      MeshEvent event,
      String effect,
      Kind kind,
      ProductEntry product,
      String domain,
      String to,
      String subject,
      String text,
      Map<String, String> facts) {
    return new ProductNotice(
        event.id() + "/" + effect,
        kind,
        product.name(),
        to,
        domains.of(domain),
        subject,
        text,
        event.at(),
        event.id(),
        facts);
  }

  private static Map<String, String> facts(TableCommit commit, MajorCommit rows) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("publishId", commit.publishId());
    facts.put("major", Integer.toString(rows.major()));
    facts.put("contractVersion", rows.contractVersion().toString());
    commit.mode().ifPresent(mode -> facts.put("mode", mode));
    commit.dataTime().ifPresent(time -> facts.put("completeUpTo", time.toString()));
    facts.put("rowsAccepted", Long.toString(rows.rowsAccepted()));
    facts.put(ROWS_QUARANTINED, Long.toString(rows.rowsQuarantined()));
    facts.put("rowsRemoved", Long.toString(rows.rowsRemoved()));
    rows.snapshot()
        .ifPresent(
            snapshot -> {
              facts.put("snapshotId", snapshot.snapshotId());
              facts.put("snapshotSequence", Long.toString(snapshot.sequence()));
              facts.put("rowsTotal", Long.toString(snapshot.rowsTotal()));
            });
    return facts;
  }

  /** Null if the product no longer exists. */
  private @Nullable ProductEntry product(String subject) {
    return products
        .computeIfAbsent(subject, name -> session.catalog().findProduct(ProductName.of(name)))
        .orElse(null);
  }

  private List<NotifiedSubscriber> subscribers(ProductEntry product) {
    return subscribers.computeIfAbsent(
        product.name().toString(), name -> NotifiedSubscriber.of(session, product));
  }
}
