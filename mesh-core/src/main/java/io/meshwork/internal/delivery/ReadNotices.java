package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Creates the notices of events after which consumers can no longer read a major version, or can
 * read it again: one for each subscription of it, and one for each domain that read it without one.
 */
record ReadNotices(
    ClientSession session,
    MeshEvent event,
    EventDetails details,
    ProductEntry product,
    RecipientDomains domains) {
  /** One consumer of a major version. */
  private record Reader(String domain, String consumer, String effect, String contact, int major) {}

  /** Returns the notices; empty for events of rollouts that change no reads. */
  List<Notice> all() {
    if (details instanceof EventDetails.RolloutChange change) {
      return switch (event.type()) {
        case ROLLOUT_RETIRED -> ofRetirement(change);
        case ROLLOUT_RESTORED -> ofRestoration(change);
        default -> List.of();
      };
    }
    return switch (event.type()) {
      case PRODUCT_SUSPENDED -> ofSuspension((EventDetails.SuspensionChange) details);
      case PRODUCT_RESUMED -> ofResumption((EventDetails.SuspensionChange) details);
      default -> List.of();
    };
  }

  private List<Notice> ofRetirement(EventDetails.RolloutChange change) {
    String successor =
        change.toMajor().isPresent() ? successor(change.toMajor().getAsInt()) : end(change);
    return each(
        Set.of(change.fromMajor()),
        "retired",
        Kind.ROLLOUT_RETIRED,
        " was retired",
        change.because().map(because -> " Reason: " + because + ".").orElse("")
            + " Consumers can no longer read it."
            + successor
            + " If you still need it, ask its owner, "
            + owner()
            + ": a retirement can be undone within 14 days.");
  }

  private static String successor(int major) {
    return " Read major version " + major + " with majorVersion(" + major + ").";
  }

  /** That the product ended, and what replaces it in another product. */
  private String end(EventDetails.RolloutChange change) {
    return session
        .ledger()
        .read(RegistryKeys.rollout(product.name(), change.rollout()))
        .map(RolloutEntry::of)
        .flatMap(RolloutEntry::elsewhere)
        .map(next -> " The product ended. Read " + next + " in its place.")
        .orElse(" The product ended, and nothing replaces it.");
  }

  private List<Notice> ofRestoration(EventDetails.RolloutChange change) {
    return each(
        Set.of(change.fromMajor()),
        "restored",
        Kind.ROLLOUT_RESTORED,
        " is readable again",
        change.because().map(because -> " Reason: " + because + ".").orElse("")
            + " It accepts no new subscriptions, and rows that were published since its retirement"
            + " may be missing in it: rollouts(\""
            + product.name()
            + "\") shows it.");
  }

  private List<Notice> ofSuspension(EventDetails.SuspensionChange suspension) {
    return each(
        Set.copyOf(suspension.majors()),
        "suspended",
        Kind.SUSPENDED,
        " is suspended",
        suspension.because().map(because -> " Reason: " + because + ".").orElse("")
            + " Reads fail"
            + suspension
                .until()
                .map(until -> " until " + until + ", or longer if a steward approves it")
                .orElse("")
            + ". Positions of subscriptions stay. Ask its owner, "
            + owner()
            + ".");
  }

  private List<Notice> ofResumption(EventDetails.SuspensionChange suspension) {
    return each(
        Set.copyOf(suspension.majors()),
        "resumed",
        Kind.RESUMED,
        " is readable again",
        " Polls continue at the positions of their subscriptions.");
  }

  private List<Notice> each(
      Set<Integer> majors, String effect, Kind kind, String what, String text) {
    List<Notice> notices = new ArrayList<>();
    for (Reader reader : readers(majors, effect)) {
      String subject = product.name() + ": major version " + reader.major() + what;
      Map<String, String> facts = new TreeMap<>();
      facts.put("consumer", reader.consumer());
      facts.put("major", Integer.toString(reader.major()));
      notices.add(
          new ProductNotice(
              event.id() + "/" + reader.effect(),
              kind,
              product.name(),
              reader.contact(),
              domains.of(reader.domain()),
              subject,
              subject
                  + " by "
                  + event.principal()
                  + " at "
                  + event.at()
                  + "."
                  + text
                  + " You receive this notice because "
                  + reader.consumer()
                  + " reads it.",
              event.at(),
              event.id(),
              facts));
    }
    return notices;
  }

  private List<Reader> readers(Set<Integer> majors, String effect) {
    List<Reader> readers = new ArrayList<>();
    for (NotifiedSubscriber subscriber : NotifiedSubscriber.of(session, product)) {
      if (majors.contains(subscriber.major())) {
        readers.add(
            new Reader(
                subscriber.domain(),
                subscriber.domain() + "/" + subscriber.name(),
                subscriber.effect(effect),
                subscriber.contact(),
                subscriber.major()));
      }
    }
    for (NotifiedReader reader : NotifiedReader.of(session, product, majors, event.at())) {
      readers.add(
          new Reader(
              reader.domain(),
              reader.consumer(),
              reader.effect(effect),
              reader.contact(),
              reader.major()));
    }
    return readers;
  }

  private String owner() {
    return session.catalog().ownerOf(product, action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
  }
}
