package io.meshwork.internal.rights;

import io.meshwork.access.AccessDecision;
import io.meshwork.access.AccessEvaluator;
import io.meshwork.access.AccessQuestion;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides who reads what, by the documents in the registry. What was read of them is kept for as
 * long as the owner's and the consumer's {@code policy} are as they were, and both are asked for
 * with each decision: what was revoked is gone from the next one. Thread-safe.
 */
public final class Rights {
  private static final int MOST_KEPT = 256;
  private static final int MOST_TRIES = 20;

  private final RightsDocuments documents;
  private final Catalog catalog;
  private final Map<Asked, Kept> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Kept> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /** Rights in a mesh; one for all who act on it. */
  public Rights(Ledger ledger, Catalog catalog) {
    this.documents = new RightsDocuments(ledger, catalog);
    this.catalog = catalog;
  }

  /** Whose rights in what: they differ by the account and by the columns that a major has. */
  private record Asked(String product, int major, String account) {}

  /** What an evaluator was made from, by the versions of documents. */
  private record Basis(List<String> versions) {
    static Basis of(List<Stored> stored) {
      return new Basis(stored.stream().map(each -> each.key() + "@" + each.version()).toList());
    }
  }

  private record Kept(Basis basis, RightsWorld world, AccessEvaluator evaluator) {}

  /**
   * A decision to SELECT.
   *
   * @param basis the documents that tell of each change of what it rests on
   */
  public record Decided(AccessDecision decision, RightsWorld world, List<Stored> basis) {
    /** Copies the list. */
    public Decided {
      basis = List.copyOf(basis);
    }
  }

  /** Whoever reads the documents themselves. */
  public RightsDocuments documents() {
    return documents;
  }

  /**
   * May this principal, who does not act for the owner, read this version?
   *
   * @return empty if nobody ever tagged or granted anything in the owner's domain
   */
  public Optional<Decided> decide(
      Principal principal,
      DomainEntry domain,
      ProductEntry product,
      VersionEntry version,
      Instant at) {
    Optional<Stored> policy = documents.policy(domain.domain().name());
    if (policy.isEmpty()) {
      return Optional.empty();
    }
    List<String> consumer = consumers(principal, domain.domain().name());
    Asked asked = new Asked(product.name().toString(), version.major(), principal.account());
    List<Stored> now = policies(policy, consumer);
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      Basis basis =
          Basis.of(
              Stream.concat(
                      now.stream(),
                      Stream.of(version.majorStored(), version.contractStored(), domain.stored()))
                  .toList());
      Kept there = kept(asked);
      if (there != null && there.basis.equals(basis)) {
        return Optional.of(decided(principal, product, there, now, at));
      }
      RightsWorld world = documents.ofProduct(domain, product, version, consumer);
      Kept read = new Kept(basis, world, world.evaluator(List.of(principal.account())));
      List<Stored> then = policies(documents.policy(domain.domain().name()), consumer);
      if (Basis.of(then).equals(Basis.of(now))) {
        keep(asked, read);
        return Optional.of(decided(principal, product, read, now, at));
      }
      now = then;
    }
    throw new ConflictException(
        ErrorCode.CONFLICT,
        "Cannot decide whether "
            + principal
            + " may read "
            + product.name()
            + ": the rights in domain '"
            + domain.domain().name()
            + "' changed "
            + MOST_TRIES
            + " times while they were read. Nothing was read of the product. Try again.");
  }

  /** Where those write who may have handed it on: the principal's domain, if that can be had. */
  private List<String> consumers(Principal principal, String owner) {
    try {
      return catalog
          .findAccount(principal.account())
          .map(account -> catalog.consumerPartition(account.domain(), owner))
          .stream()
          .toList();
    } catch (BackendException e) {
      return catalog.consumersActedForBy(principal.account(), owner).stream()
          .map(Catalog.Consumer::partition)
          .toList();
    }
  }

  private List<Stored> policies(Optional<Stored> owner, List<String> consumers) {
    return Stream.concat(
            owner.stream(), consumers.stream().flatMap(each -> documents.policy(each).stream()))
        .toList();
  }

  private static Decided decided(
      Principal principal, ProductEntry product, Kept kept, List<Stored> basis, Instant at) {
    AccessQuestion question =
        AccessQuestion.of(
            Grantee.of(principal), Permission.SELECT, kept.world.resource(product.name()), at);
    return new Decided(kept.evaluator.decide(question), kept.world, basis);
  }

  private synchronized @Nullable Kept kept(Asked asked) {
    return kept.get(asked);
  }

  private synchronized void keep(Asked asked, Kept read) {
    kept.put(asked, read);
  }
}
