package io.meshwork.internal.delivery;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.delivery.LatenessRecipients.Recipient;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.util.ArrayList;
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
    ProductEntry product,
    RecipientDomains domains) {
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
    Message message =
        switch (event.type()) {
          case PRODUCT_LATE -> Message.LATE;
          case PRODUCT_LATENESS_ESCALATED -> Message.ESCALATED;
          default -> Message.FRESH;
        };
    List<Notice> notices = new ArrayList<>();
    recipients(message).forEach(recipient -> notices.add(notice(message, recipient)));
    return notices;
  }

  /** Recipients of the notices of the episode also get the notice of its end. */
  private List<Recipient> recipients(Message message) {
    LatenessRecipients now = new LatenessRecipients(session, product, change.major());
    return switch (message) {
      case LATE -> now.concerned(change.causes());
      case ESCALATED -> now.ofDomain(List.of());
      case FRESH ->
          LatenessEpisode.notified(session, product.name(), change)
              .orElseGet(
                  () -> {
                    List<Recipient> all = now.concerned(change.causes());
                    if (change.escalated()) {
                      all.addAll(now.ofDomain(all));
                    }
                    return all;
                  });
    };
  }

  private Notice notice(Message message, Recipient recipient) {
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
        event.id() + "/" + message.effect() + recipient.key(),
        message.kind(),
        product.name(),
        recipient.to(),
        domains.of(recipient.domain(product.name())),
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

  private String owner(ProductEntry product) {
    return session.catalog().ownerOf(product, action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.NOTIFY, "the consumers of " + product.name());
  }
}
