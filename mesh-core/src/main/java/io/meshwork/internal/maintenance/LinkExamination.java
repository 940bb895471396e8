package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.LinkTarget;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Looks at the links in the catalog of one domain: those that dangle, those that follow and are
 * behind, and those whose database a domain took since.
 */
final class LinkExamination {
  private final ClientSession session;
  private final String consumer;

  LinkExamination(ClientSession session, String consumer) {
    this.session = session;
    this.consumer = consumer;
  }

  /**
   * Adds what is wrong with links.
   *
   * @throws BackendException if the registry cannot be read now
   */
  void examine(List<Finding> found) {
    eachTarget(
        target -> {
          Optional<LinkMove> move = LinkMove.of(session, target);
          if (move.isPresent()) {
            found.add(behind(target, move.get()));
          } else if (target.isDangling()) {
            found.add(dangling(target));
          }
          session
              .catalog()
              .findDomain(target.link().name().database())
              .ifPresent(taker -> found.add(taken(target.link(), taker)));
        },
        found::add);
  }

  /** Finds the links that asked to follow and have to be moved. */
  static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, due) -> {
      for (String domain : inventory.domains()) {
        new LinkExamination(session, domain)
            .eachTarget(target -> LinkMove.of(session, target).ifPresent(due::add), due::skip);
      }
    };
  }

  private void eachTarget(Consumer<LinkTarget> look, Consumer<Finding> damage) {
    try {
      for (LinkEntry link : session.catalog().links(consumer)) {
        try {
          look.accept(LinkTarget.of(session.catalog(), link));
        } catch (BackendException e) {
          // A catalog that cannot be asked is found by itself, and its failure is none of the link.
          if (session.catalog().areInOneCatalog(consumer, link.domain())) {
            throw e;
          }
        }
      }
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      damage.accept(damaged(e));
    } catch (InvalidRequestException e) {
      damage.accept(damaged(e));
    }
  }

  private Finding damaged(MeshException why) {
    return Finding.error(
        "LINK_DAMAGED",
        consumer,
        "A link of this domain, or what it stands for, cannot be read: " + why.getMessage(),
        "Restore the registry from a backup.");
  }

  private static Finding behind(LinkTarget target, LinkMove move) {
    return new Finding(
        "LINK_BEHIND",
        Severity.NOTE,
        where(target.link()),
        "It follows rollouts, and is to be moved: " + move.step().detail() + ".",
        1,
        List.of(),
        "Have repair() move it.");
  }

  private static Finding dangling(LinkTarget target) {
    return new Finding(
        "LINK_DANGLING",
        Severity.WARNING,
        where(target.link()),
        "It stands for "
            + target.link().target()
            + ", and "
            + target.reason()
            + "; nothing can be read by it.",
        1,
        List.of(),
        target.fix());
  }

  private static Finding taken(LinkEntry link, DomainEntry taker) {
    return new Finding(
        "LINK_NAME_TAKEN",
        Severity.WARNING,
        where(link),
        "Domain '"
            + taker.domain().name()
            + "' was registered since and has a database of this name, "
            + link.name().database()
            + ".",
        1,
        List.of(),
        "Link it into another database, and take it away here with links().unlink(\""
            + link.name()
            + "\").");
  }

  private static String where(LinkEntry link) {
    return link.consumer() + " · " + link.name();
  }
}
