package io.meshwork.internal.delivery;

import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Domain;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Who is notified of an episode of lateness. Each recipient has a key, which is part of the ID of
 * its notice.
 *
 * @param major the major version that is late
 */
record LatenessRecipients(ClientSession session, ProductEntry product, int major) {
  /**
   * One recipient.
   *
   * @param key part of the ID of its notice
   * @param because why it receives the notice
   * @param times true if it may learn when rows were added and how new their events are
   */
  record Recipient(String key, String to, String because, boolean times) {
    private static final Pattern OTHER_DOMAIN =
        Pattern.compile("(subscriber|cause)\\.([^.]+)\\..*");

    /** Returns the storage name of its domain, which the key has unless it is the product's. */
    String domain(ProductName late) {
      Matcher otherDomain = OTHER_DOMAIN.matcher(key);
      return otherDomain.matches() ? otherDomain.group(2) : late.domain();
    }
  }

  /** Returns the owner and the steward of the domain, without anyone notified already. */
  List<Recipient> ofDomain(List<Recipient> notified) {
    List<Recipient> recipients = new ArrayList<>();
    Domain domain = session.catalog().requireDomain(product.name().domain(), action()).domain();
    List<String> recipientNames = notified.stream().map(Recipient::to).toList();
    if (!recipientNames.contains(domain.owner())) {
      recipients.add(new Recipient("domain", domain.owner(), "you own its domain", true));
    }
    if (!domain.steward().equals(domain.owner()) && !recipientNames.contains(domain.steward())) {
      recipients.add(
          new Recipient("steward", domain.steward(), "you are the steward of its domain", true));
    }
    return recipients;
  }

  /** Returns owner, contacts, subscribers, and the owners of the causes. */
  List<Recipient> concerned(List<ProductName> causes) {
    List<Recipient> recipients = new ArrayList<>();
    recipients.add(new Recipient("owner", owner(product), "its domain owns it", true));
    Contract contract = contract();
    // With an event time, the times would tell subscribers the newest value of its column.
    boolean everyRowByUpdate = contract.serviceLevel().eventTime().isEmpty();
    for (Contract.Contact contact : contacts(contract)) {
      recipients.add(
          new Recipient(
              "contact-" + (recipients.size() - 1),
              contact.address(),
              "its contract names you for notifications",
              true));
    }
    addSubscribers(recipients, everyRowByUpdate);
    for (ProductName cause : causes) {
      session
          .catalog()
          .findProduct(cause)
          .ifPresent(
              upstream ->
                  recipients.add(
                      new Recipient(
                          "cause."
                              + NameGrammar.storage(cause.domain())
                              + "."
                              + NameGrammar.storage(cause.product()),
                          owner(upstream),
                          "your product " + cause + " was late before",
                          false)));
    }
    return recipients;
  }

  /** One for each contact of a domain, whatever the number of its subscriptions. */
  private void addSubscribers(List<Recipient> recipients, boolean everyRowByUpdate) {
    Map<String, List<NotifiedSubscriber>> byContact = new LinkedHashMap<>();
    for (NotifiedSubscriber subscriber : NotifiedSubscriber.of(session, product)) {
      if (subscriber.major() == major) {
        byContact
            .computeIfAbsent(
                subscriber.domain() + "\n" + subscriber.contact(), each -> new ArrayList<>())
            .add(subscriber);
      }
    }
    for (List<NotifiedSubscriber> subscribers : byContact.values()) {
      NotifiedSubscriber first = subscribers.get(0);
      recipients.add(
          new Recipient(
              first.effect("subscriber"),
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

  private Contract contract() {
    return session.catalog().requireFor(Use.DESCRIBE, product.name(), major, action()).contract();
  }

  private static List<Contract.Contact> contacts(Contract contract) {
    return contract.contacts().stream()
        .filter(contact -> contact.scope().receivesNotices())
        .toList();
  }

  private String owner(ProductEntry product) {
    return session.catalog().ownerOf(product, action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
  }
}
