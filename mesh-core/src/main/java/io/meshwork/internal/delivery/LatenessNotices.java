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
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Creates the notices that a major version is late, or fresh again: to the owner, the contacts of
 * its contract for notifications, and the subscriptions that read it; and, if it is late because of
 * other products, to their owners.
 */
record LatenessNotices(
    ClientSession session,
    MeshEvent event,
    EventDetails.LatenessChange change,
    ProductEntry product) {
  List<Notice> all() {
    boolean late = event.type().equals(MeshEvent.PRODUCT_LATE);
    Map<String, Recipient> recipients = new LinkedHashMap<>();
    recipients.put("owner", new Recipient(owner(product), "its domain owns it", true));
    Contract contract = contract();
    // With an event time, the times would tell subscribers the newest value of its column.
    boolean everyRowByUpdate = contract.serviceLevel().eventTime().isEmpty();
    for (Contract.Contact contact : contacts(contract)) {
      recipients.put(
          "contact-" + (recipients.size() - 1),
          new Recipient(contact.address(), "its contract names you for notifications", true));
    }
    for (NotifiedSubscriber subscriber : NotifiedSubscriber.of(session, product)) {
      if (subscriber.major() == change.major()) {
        recipients.put(
            subscriber.effect("subscriber"),
            new Recipient(
                subscriber.contact(),
                "'" + subscriber.name() + "' of " + subscriber.domain() + " subscribes to it",
                everyRowByUpdate && subscriber.everyRow()));
      }
    }
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
    List<Notice> notices = new ArrayList<>();
    recipients.forEach((effect, recipient) -> notices.add(notice(late, effect, recipient)));
    return notices;
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

  private Notice notice(boolean late, String effect, Recipient recipient) {
    String subject =
        product.name()
            + ": major version "
            + change.major()
            + (late ? " is late" : " is fresh again");
    String cause =
        change.causes().stream().map(ProductName::toString).collect(Collectors.joining(", "));
    String text =
        late
            ? subject
                + (recipient.times()
                    ? " since "
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
                + "."
            : subject
                + "."
                + (recipient.times() ? " It was late since " + change.since() + "." : "");
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
        event.id() + "/" + (late ? "late." : "fresh-again.") + effect,
        late ? Kind.LATE : Kind.FRESH_AGAIN,
        product.name(),
        recipient.address(),
        subject,
        text + " You receive this notice because " + recipient.because() + ".",
        event.at(),
        event.id(),
        facts);
  }

  private String owner(ProductEntry of) {
    return session.catalog().ownerOf(of, action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
  }
}
