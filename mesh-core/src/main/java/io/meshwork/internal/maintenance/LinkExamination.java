package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkTarget;
import io.meshwork.internal.session.ClientSession;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Finds problems with the links in the catalog of one domain: links that dangle, links that follow
 * their target and are outdated, and links whose database has the name of a new domain.
 */
public final class LinkExamination {
  private final ClientSession session;
  private final String consumer;

  public LinkExamination(ClientSession session, String consumer) {
    this.session = session;
    this.consumer = consumer;
  }

  /**
   * Adds findings.
   *
   * @throws BackendException if the registry failed and a retry may succeed
   */
  public void examine(List<Finding> findings) {
    forEachTarget(
        target -> {
          Optional<LinkMove> move = LinkMove.of(session, target);
          if (move.isPresent()) {
            findings.add(behind(target, move.get()));
          } else if (target.isDangling()) {
            findings.add(dangling(target));
          }
          session
              .catalog()
              .findDomain(target.link().name().database())
              .ifPresent(domain -> findings.add(nameTaken(target.link(), domain)));
        },
        findings::add);
  }

  /** Finds the links that follow their target and must be moved. */
  public static MaintenanceTask.Finder finder(ClientSession session) {
    return (inventory, queue) -> {
      for (String domain : inventory.domains()) {
        new LinkExamination(session, domain)
            .forEachTarget(
                target -> LinkMove.of(session, target).ifPresent(queue::add), queue::skip);
      }
    };
  }

  private void forEachTarget(Consumer<LinkTarget> action, Consumer<Finding> findings) {
    try {
      for (LinkEntry link : session.catalog().links(consumer)) {
        try {
          action.accept(LinkTarget.of(session.catalog(), link));
        } catch (BackendException e) {
          // An unavailable catalog is reported separately.
          if (session.catalog().areInOneCatalog(consumer, link.domain())) {
            throw e;
          }
        }
      }
    } catch (BackendException e) {
      if (e.retryable()) {
        throw e;
      }
      findings.accept(damaged(e));
    } catch (InvalidRequestException e) {
      findings.accept(damaged(e));
    }
  }

  private Finding damaged(MeshException failure) {
    return Finding.error(
        FindingCode.LINK_DAMAGED,
        consumer,
        "A link of this domain, or its target, cannot be read: " + failure.getMessage(),
        "Restore the registry from a backup.");
  }

  private static Finding behind(LinkTarget target, LinkMove move) {
    return new Finding(
        FindingCode.LINK_BEHIND,
        Severity.NOTE,
        where(target.link()),
        "It follows its target and must be moved: " + move.step().detail() + ".",
        1,
        List.of(),
        "Move it with repair().");
  }

  private static Finding dangling(LinkTarget target) {
    return new Finding(
        FindingCode.LINK_DANGLING,
        Severity.WARNING,
        where(target.link()),
        "Its target is "
            + target.link().target()
            + ", but "
            + target.reason()
            + "; it cannot be used to read.",
        1,
        List.of(),
        target.fix());
  }

  private static Finding nameTaken(LinkEntry link, DomainEntry domain) {
    return new Finding(
        FindingCode.LINK_NAME_TAKEN,
        Severity.WARNING,
        where(link),
        "Domain '"
            + domain.domain().name()
            + "' was registered after the link and has a database of the same name, "
            + link.name().database()
            + ".",
        1,
        List.of(),
        "Link it into another database, and remove this link with unlinkResource(\""
            + link.name()
            + "\").");
  }

  private static String where(LinkEntry link) {
    return link.consumer() + " · " + link.name();
  }
}
