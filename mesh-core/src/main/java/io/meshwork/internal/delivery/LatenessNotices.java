package io.meshwork.internal.delivery;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Creates the notices that a major version is late, or fresh again: to the owner, the contacts of
 * its contract for notifications, and the subscriptions that read it, one for each contact of a
 * domain; and, if it is late because of other products, to their owners. If it was escalated, also
 * to the owner and the steward of its domain.
 */
record LatenessNotices(
    ClientSession session,
    MeshEvent event,
    EventDetails.LatenessChange change,
    ProductEntry product) {
  /** What a notice says. */
  private enum Message {
    LATE,
    ESCALATED,
    FRESH;

    Kind kind() {
      return switch (this) {
        case LATE -> Kind.LATE;
        case ESCALATED -> Kind.LATENESS_ESCALATED;
        case FRESH -> Kind.FRESH_AGAIN;
      };
    }

    String effect() {
      return switch (this) {
        case LATE -> "late.";
        case ESCALATED -> "lateness-escalated.";
        case FRESH -> "fresh-again.";
      };
    }
  }

  List<Notice> all() {
    Map<String, Recipient> recipients = new LinkedHashMap<>();
    Message message =
        switch (event.type()) {
          case MeshEvent.PRODUCT_LATE -> Message.LATE;
          case MeshEvent.PRODUCT_LATENESS_ESCALATED -> Message.ESCALATED;
          default -> Message.FRESH;
        };
    if (message != Message.ESCALATED) {
      addConcerned(recipients);
    }
    if (message == Message.ESCALATED || change.escalated()) {
      addDomain(recipients);
    }
    List<Notice> notices = new ArrayList<>();
    recipients.forEach((effect, recipient) -> notices.add(notice(message, effect, recipient)));
    return notices;
  }

  private void addDomain(Map<String, Recipient> recipients) {
    Domain domain = session.catalog().requireDomain(product.name().domain(), action()).domain();
    List<String> known = recipients.values().stream().map(Recipient::address).toList();
    if (!known.contains(domain.owner())) {
      recipients.put("domain", new Recipient(domain.owner(), "you own its domain", true));
    }
    if (!domain.steward().equals(domain.owner()) && !known.contains(domain.steward())) {
      recipients.put(
          "steward", new Recipient(domain.steward(), "you are the steward of its domain", true));
    }
  }

  private void addConcerned(Map<String, Recipient> recipients) {
    recipients.put("owner", new Recipient(owner(product), "its domain owns it", true));
    Contract contract = contract();
    // With an event time, the times would tell subscribers the newest value of its column.
    boolean everyRowByUpdate = contract.serviceLevel().eventTime().isEmpty();
    for (Contract.Contact contact : contacts(contract)) {
      recipients.put(
          "contact-" + (recipients.size() - 1),
          new Recipient(contact.address(), "its contract names you for notifications", true));
    }
    addSubscribers(recipients, everyRowByUpdate);
    for (ProductName cause : change.causes()) {
      session
          .catalog()
          .findProduct(cause)
          .ifPresent(
              upstream ->
                  recipients.put(
                      "cause."
                          + NameGrammar.storage(cause.domain())
                          + "."
                          + NameGrammar.storage(cause.product()),
                      new Recipient(
                          owner(upstream), "your product " + cause + " was late before", false)));
    }
  }

  /** One for each contact of a domain, whatever the number of its subscriptions. */
  private void addSubscribers(Map<String, Recipient> recipients, boolean everyRowByUpdate) {
    Map<String, List<NotifiedSubscriber>> byContact = new LinkedHashMap<>();
    for (NotifiedSubscriber subscriber : NotifiedSubscriber.of(session, product)) {
      if (subscriber.major() == change.major()) {
        byContact
            .computeIfAbsent(
                subscriber.domain() + "\n" + subscriber.contact(), each -> new ArrayList<>())
            .add(subscriber);
      }
    }
    for (List<NotifiedSubscriber> subscribers : byContact.values()) {
      NotifiedSubscriber first = subscribers.get(0);
      recipients.put(
          first.effect("subscriber"),
          new Recipient(
              first.contact(),
              subscribers.stream()
                      .map(subscriber -> "'" + subscriber.name() + "'")
                      .collect(Collectors.joining(", "))
                  + " of "
                  + first.domain()
                  + (subscribers.size() == 1 ? " subscribes to it" : " subscribe to it"),
              everyRowByUpdate && subscribers.stream().allMatch(NotifiedSubscriber::everyRow)));
    }
  }

  /**
   * One recipient.
   *
   * @param because why it receives the notice
   * @param times true if it may learn when rows were added and how new their events are
   */
  private record Recipient(String address, String because, boolean times) {}

  private Contract contract() {
    return session
        .catalog()
        .requireFor(Use.DESCRIBE, product.name(), change.major(), action())
        .contract();
  }

  private static List<Contract.Contact> contacts(Contract contract) {
    return contract.contacts().stream()
        .filter(contact -> contact.scope() == ContactScope.NOTIFICATIONS)
        .toList();
  }

  private Notice notice(Message message, String effect, Recipient recipient) {
    String version = product.name() + ": major version " + change.major();
    String subject =
        version
            + switch (message) {
              case LATE -> " is late";
              case ESCALATED ->
                  change.freshWithin().filter(this::isLong).isPresent()
                      ? " is late for more than three times the promised age"
                      : " is late for the second time within seven days";
              case FRESH -> " is fresh again";
            };
    String cause =
        change.causes().stream().map(ProductName::toString).collect(Collectors.joining(", "));
    Map<String, String> facts = new TreeMap<>();
    facts.put("major", Integer.toString(change.major()));
    if (recipient.times()) {
      facts.put("since", change.since().toString());
      change.freshWithin().ifPresent(limit -> facts.put("freshWithin", limit.toString()));
    }
    if (!cause.isEmpty()) {
      facts.put("causes", cause);
    }
    return new ProductNotice(
        event.id() + "/" + message.effect() + effect,
        message.kind(),
        product.name(),
        recipient.address(),
        subject,
        (message == Message.FRESH ? fresh(subject, recipient) : late(subject, cause, recipient))
            + " You receive this notice because "
            + recipient.because()
            + ".",
        event.at(),
        event.id(),
        facts);
  }

  private boolean isLong(Duration limit) {
    return LatenessEpisode.isLong(change.since(), limit, event.at());
  }

  private String fresh(String subject, Recipient recipient) {
    return subject + "." + (recipient.times() ? " It was late since " + change.since() + "." : "");
  }

  private String late(String subject, String cause, Recipient recipient) {
    return subject
        + (recipient.times()
            ? (subject.endsWith(" is late") ? " since " : ". It is late since ")
                + change.since()
                + ": its contract promises rows that are no older than "
                + change.freshWithin().map(Object::toString).orElse("promised")
            : ": its rows are older than its contract promises")
        + "."
        + (cause.isEmpty()
            ? " No declared input is known to have been late before."
            : " The cause is upstream: " + cause + " was late before.")
        + " Its owner is "
        + owner(product)
        + ".";
  }

  private String owner(ProductEntry of) {
    return session.catalog().ownerOf(of, action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
  }
}
