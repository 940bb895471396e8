package io.meshwork.internal.delivery;

import io.meshwork.contract.ContractDifference;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.event.EventDetails.ConsumerAnswer;
import io.meshwork.internal.event.EventDetails.RolloutChange;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Domain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The notices of an event of a rollout: to each consumer with what changes for the columns that it
 * reads, or to the owner. They contain no row values. Not thread-safe.
 */
final class RolloutNotices {
  private static final int MAX_CHANGES = 20;

  private final ClientSession session;
  private final MeshEvent event;
  private final RolloutChange change;
  private final ProductEntry product;
  private final RecipientDomains domains;
  private final MeshAction action;

  /** The promises that the rollout weakens; empty unless it amends the contract. */
  private final Optional<String> amendment;

  private final List<Notice> notices = new ArrayList<>();

  RolloutNotices(
      ClientSession session,
      MeshEvent event,
      RolloutChange change,
      ProductEntry product,
      RecipientDomains domains) {
    this.domains = domains;
    this.session = session;
    this.event = event;
    this.change = change;
    this.product = product;
    this.action = MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
    this.amendment =
        change.toMajor().isPresent()
            ? Optional.empty()
            : rollout().filter(RolloutEntry::amendsContract).map(RolloutEntry::amendment);
  }

  /**
   * Whom to notify about one consumer.
   *
   * @param id {@code domain/subscription}, or {@code domain/@}
   * @param columns the columns of the old major version that it reads; empty for all
   */
  private record Recipient(String id, String domain, String contact, List<String> columns) {}

  /** Returns the notices in the order of delivery. */
  List<Notice> all() {
    switch (event.type()) {
      case ROLLOUT_OFFERED -> {
        List<ContractDifference.Change> breaking = breaking();
        change.consumers().forEach(consumer -> addOffer(recipient(consumer), breaking));
      }
      case ROLLOUT_REMINDED -> change.consumers().forEach(this::addReminder);
      case ROLLOUT_ANSWERED -> change.consumers().forEach(this::addAnswer);
      case ROLLOUT_ESCALATED -> change.consumers().forEach(this::addEscalation);
      case ROLLOUT_ABORTED -> addAbort();
      default -> throw new IllegalArgumentException(event.typeName());
    }
    return List.copyOf(notices);
  }

  private Recipient recipient(String consumer) {
    int slash = consumer.indexOf('/');
    String domain = consumer.substring(0, slash);
    String name = consumer.substring(slash + 1);
    String partition = session.catalog().consumerPartition(domain, product.name().domain());
    Optional<UsageEntry> usage =
        session
            .ledger()
            .read(RegistryKeys.usage(partition, product.name(), name, change.fromMajor()))
            .map(UsageEntry::of);
    if (name.equals(UsageEntry.WITHOUT_SUBSCRIPTION)) {
      return new Recipient(
          consumer, domain, owner(domain), usage.map(UsageEntry::columnPaths).orElse(List.of()));
    }
    Optional<SubscriberList.Entry> subscription =
        session
            .ledger()
            .read(RegistryKeys.subscription(partition, product.name(), name))
            .map(
                stored ->
                    SubscriberList.entry(session, new Catalog.Consumer(domain, partition), stored));
    return new Recipient(
        consumer,
        domain,
        subscription
            .map(SubscriberList.Entry::contact)
            .filter(contact -> !contact.isBlank())
            .orElseGet(() -> owner(domain)),
        usage
            .map(UsageEntry::columnPaths)
            .or(() -> subscription.map(SubscriberList.Entry::readColumns))
            .orElse(List.of()));
  }

  private String owner(String domain) {
    return domain(domain).owner();
  }

  private Domain domain(String name) {
    return session.catalog().requireDomain(name, action).domain();
  }

  private VersionEntry version(int major) {
    return session.catalog().requireFor(Use.DESCRIBE, product.name(), major, action);
  }

  private List<ContractDifference.Change> breaking() {
    if (change.toMajor().isEmpty()) {
      return List.of();
    }
    return ConsumerImpact.breaking(
        ConsumerImpact.succession(
            session,
            product.name(),
            version(change.fromMajor()),
            version(change.toMajor().getAsInt())));
  }

  private void addOffer(Recipient consumer, List<ContractDifference.Change> breaking) {
    List<ContractDifference.Change> affecting =
        ConsumerImpact.affecting(breaking, consumer.columns());
    String changes =
        affecting.stream()
            .limit(MAX_CHANGES)
            .map(each -> " " + each.what())
            .collect(Collectors.joining());
    String subject = product.name() + end();
    add(
        "rollout-offered." + suffix(consumer.id()),
        Kind.ROLLOUT_OFFERED,
        consumer.domain(),
        consumer.contact(),
        subject,
        subject
            + effect()
            + change.because().map(because -> " Reason: " + because + ".").orElse("")
            + (change.toMajor().isEmpty()
                ? ""
                : affecting.isEmpty()
                    ? " No change breaks " + consumer.id() + ", by the columns that it reads."
                    : " What changes for the columns that " + consumer.id() + " reads:" + changes)
            + (affecting.size() > MAX_CHANGES
                ? " And " + (affecting.size() - MAX_CHANGES) + " more."
                : "")
            + " "
            + howToAnswer(consumer.id()),
        facts(consumer.id()));
  }

  /** What ends, and when. */
  private String end() {
    return (amendment.isPresent() ? ": the contract of major version " : ": major version ")
        + change.fromMajor()
        + (amendment.isPresent()
            ? " is proposed to change after "
            : " is proposed to retire after ")
        + change.retireAfter().map(Object::toString).orElse("a day to be named");
  }

  /** What consumers get in its place. */
  private String effect() {
    if (change.toMajor().isPresent()) {
      return ". Major version " + change.toMajor().getAsInt() + " replaces it.";
    }
    return amendment
        .map(terms -> ". It changes " + terms + "; the columns and rows do not change.")
        .orElseGet(this::endOfProduct);
  }

  /** That the product ends; its rollout states what replaces it in another product. */
  private String endOfProduct() {
    return rollout()
        .flatMap(RolloutEntry::elsewhere)
        .map(next -> ". The product ends, and " + next + " replaces it.")
        .orElse(". The product ends, and nothing replaces it.");
  }

  private Optional<RolloutEntry> rollout() {
    return session
        .ledger()
        .read(RegistryKeys.rollout(product.name(), change.rollout()))
        .map(RolloutEntry::of);
  }

  /** The call that returns the track of a consumer. */
  private String track(String consumer) {
    String reader =
        change.toMajor().isPresent()
            ? "rollout"
            : amendment.isPresent() ? "termsAmendment" : "productEnd";
    return reader + "(\"" + product.name() + "\").track(\"" + consumer + "\")";
  }

  private String howToAnswer(String consumer) {
    String track = track(consumer);
    return "Answer with "
        + track
        + ".agree().commit(), .counter(date).because(..).commit(), or"
        + " .object().because(..).commit(). Without an answer, the date holds after half of the"
        + " notice period."
        + (amendment.isPresent()
            ? " The contract changes after the date, also if you object. If you cannot use the product"
                + " then, end your subscription with unsubscribe(..)."
            : "");
  }

  private void addReminder(String id) {
    Recipient consumer = recipient(id);
    String subject =
        product.name() + end() + (amendment.isPresent() ? "" : ", and " + id + " still needs it");
    String text = subject + effect() + " " + howToAnswer(id);
    add(
        "rollout-reminded." + suffix(id),
        Kind.ROLLOUT_REMINDED,
        consumer.domain(),
        consumer.contact(),
        subject,
        text,
        facts(id));
    String owner = owner(consumer.domain());
    if (change.toDomainOwner() && !owner.equals(consumer.contact())) {
      add(
          "rollout-reminded.owner." + suffix(id),
          Kind.ROLLOUT_REMINDED,
          consumer.domain(),
          owner,
          subject,
          text,
          facts(id));
    }
  }

  private void addAnswer(String consumer) {
    Map<String, String> facts = facts(consumer);
    ConsumerAnswer answer = change.answer().orElseThrow();
    facts.put("answer", answer.name());
    String subject = product.name() + ": " + consumer + what(answer);
    add(
        "rollout-answered",
        Kind.ROLLOUT_ANSWERED,
        product.name().domain(),
        session.catalog().ownerOf(product, action),
        subject,
        subject
            + change.because().map(because -> ": " + because).orElse("")
            + ". "
            + fix(answer, consumer),
        facts);
  }

  private String what(ConsumerAnswer answer) {
    String date = change.retireAfter().map(Object::toString).orElse("");
    return switch (answer) {
      case SEEN -> " received the notice";
      case AGREED -> " agrees to " + date;
      case COUNTERED -> " asks for " + date;
      case OBJECTED -> " objects";
      case MOVED -> " declares that it moved";
    };
  }

  private String fix(ConsumerAnswer answer, String consumer) {
    String track = track(consumer);
    return switch (answer) {
      case COUNTERED ->
          "Accept with "
              + track
              + ".accept().commit(), or offer another date with "
              + track
              + ".offer(date).commit().";
      case OBJECTED -> "Call " + track + ".offer(date).commit(), or abort the rollout.";
      case SEEN, AGREED, MOVED -> "See " + track + ".";
    };
  }

  /** To the people above both sides, each once. */
  private void addEscalation(String consumer) {
    Domain reading = domain(recipient(consumer).domain());
    Map<String, String> facts = facts(consumer);
    change.answer().ifPresent(answer -> facts.put("answer", answer.name()));
    String subject = product.name() + ": the owner escalates the rollout for " + consumer;
    String text =
        subject
            + change.because().map(because -> ": " + because).orElse("")
            + ". "
            + product.name()
            + end()
            + effect()
            + change
                .answer()
                .map(answer -> " Its answer is " + answer + ".")
                .orElse(" It has not answered.")
            + " See "
            + track(consumer)
            + ", and agree on a date. The owner can offer a later date or abort the rollout; the"
            + " consumer can move, agree, or end its subscription.";
    Map<String, String> people = new LinkedHashMap<>();
    people.put(reading.owner(), "owner");
    people.putIfAbsent(reading.steward(), "steward");
    people.putIfAbsent(domain(product.name().domain()).owner(), "producer");
    people.forEach(
        (to, role) ->
            add(
                "rollout-escalated." + role + "." + suffix(consumer),
                Kind.ROLLOUT_ESCALATED,
                role.equals("producer") ? product.name().domain() : reading.name(),
                to,
                subject,
                text,
                facts));
  }

  /**
   * Notifies the consumers that know of the rollout: consumers of the old major version if it was
   * announced, and consumers that used the new one.
   */
  private void addAbort() {
    String subject =
        product.name()
            + (amendment.isPresent()
                ? ": the amendment was aborted; the contract of major version "
                : ": the rollout was aborted; major version ")
            + change.fromMajor()
            + (amendment.isPresent() ? " does not change" : " is not retired");
    boolean announced = rollout().flatMap(RolloutEntry::terms).isPresent();
    for (NotifiedSubscriber subscriber : NotifiedSubscriber.of(session, product)) {
      boolean moved = used(subscriber.domain(), subscriber.name());
      if (subscriber.major() == change.fromMajor() && (announced || moved)) {
        addAbort(
            subscriber.effect("rollout-aborted"),
            subscriber.domain(),
            subscriber.domain() + "/" + subscriber.name(),
            subscriber.contact(),
            subject,
            moved);
      }
    }
    Set<String> domains = new HashSet<>();
    for (NotifiedReader reader : abortReaders(announced)) {
      if (domains.add(reader.domain())) {
        addAbort(
            reader.effect("rollout-aborted"),
            reader.domain(),
            reader.consumer(),
            reader.contact(),
            subject,
            used(reader.domain(), UsageEntry.WITHOUT_SUBSCRIPTION));
      }
    }
  }

  private List<NotifiedReader> abortReaders(boolean announced) {
    Set<Integer> majors = new HashSet<>();
    change.toMajor().ifPresent(majors::add);
    if (announced) {
      majors.add(change.fromMajor());
    }
    return NotifiedReader.of(session, product, majors, event.at());
  }

  /** Returns true if a consumer read the new major version. */
  private boolean used(String domain, String name) {
    String partition = session.catalog().consumerPartition(domain, product.name().domain());
    return change.toMajor().stream()
        .anyMatch(
            to ->
                session
                    .ledger()
                    .read(RegistryKeys.usage(partition, product.name(), name, to))
                    .isPresent());
  }

  private void addAbort(
      String effect,
      String domain,
      String consumer,
      String contact,
      String subject,
      boolean moved) {
    add(
        effect,
        Kind.ROLLOUT_ABORTED,
        domain,
        contact,
        subject,
        subject
            + "."
            + change.because().map(because -> " Reason: " + because + ".").orElse("")
            + " "
            + consumer
            + (moved
                ? " used major version "
                    + change.toMajor().orElseThrow()
                    + ", which was withdrawn: read major version "
                    + change.fromMajor()
                    + "."
                : " need not change."),
        facts(consumer));
  }

  private Map<String, String> facts(String consumer) {
    Map<String, String> facts = new TreeMap<>();
    facts.put("rollout", Integer.toString(change.rollout()));
    facts.put("consumer", consumer);
    facts.put("fromMajor", Integer.toString(change.fromMajor()));
    change.toMajor().ifPresent(to -> facts.put("toMajor", Integer.toString(to)));
    change.retireAfter().ifPresent(date -> facts.put("retireAfter", date.toString()));
    return facts;
  }

  private static String suffix(String consumer) {
    return NameGrammar.storage(consumer.replace('/', '.'));
  }

  private void add(
      String effect,
      Kind kind,
      String domain,
      String to,
      String subject,
      String text,
      Map<String, String> facts) {
    notices.add(
        new ProductNotice(
            event.id() + "/" + effect,
            kind,
            product.name(),
            to,
            domains.of(domain),
            subject,
            text,
            event.at(),
            event.id(),
            facts));
  }
}
