package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The stored entry of a domain. Immutable.
 *
 * @param domain its value
 * @param registeredBy the principal that registered it
 * @param registeredForOthers true if that principal's account did not act for it then
 * @param formerAccounts the accounts that acted for it
 * @param places its places of data, the newest first; empty if it has none
 * @param stored its document, for checks and for read-modify-write
 */
public record DomainEntry(
    @JsonUnwrapped Domain domain,
    Principal registeredBy,
    boolean registeredForOthers,
    List<FormerAccount> formerAccounts,
    List<DataPlace> places,
    VersionedDocument stored) {
  public DomainEntry {
    formerAccounts = List.copyOf(formerAccounts);
    places = List.copyOf(places);
  }

  /** An account that acted for a domain. */
  public record FormerAccount(String account, Instant leftAt) {}

  /**
   * A place of a domain's data.
   *
   * @param root its root
   * @param owner where it is; empty if the store has no accounts, or did not answer
   */
  public record DataPlace(String root, @JsonUnwrapped Optional<PlaceOwner> owner) {}

  /**
   * The account and the region of a place.
   *
   * @param account the account, such as one of AWS
   * @param region the region, such as {@code eu-central-1}
   */
  public record PlaceOwner(String account, String region) {}

  /**
   * Reads a domain's document.
   *
   * @throws io.meshwork.error.BackendException if it is damaged
   */
  public static DomainEntry of(VersionedDocument stored) {
    return stored
        .readAs(DocumentCodec.of(DomainEntry.class)::read)
        .orElseThrow(
            () -> DocumentJson.damaged(stored.key().toString(), "it does not describe a domain"));
  }

  /** The entry of a domain that is registered now. */
  public static DomainEntry registered(Key key, Domain domain, Principal by) {
    return new DomainEntry(
        domain,
        by,
        !domain.accounts().contains(by.account()),
        List.of(),
        List.of(),
        new VersionedDocument(key, DocumentJson.create(), ""));
  }

  /** The entry after an amendment. */
  public DomainEntry amended(Domain next, Optional<DataPlace> added, Instant now) {
    List<FormerAccount> former = new ArrayList<>(formerAccounts);
    for (String account : domain.accounts()) {
      if (!next.accounts().contains(account)) {
        former.removeIf(each -> each.account().equals(account));
        former.add(new FormerAccount(account, now));
      }
    }
    List<DataPlace> all = new ArrayList<>(places);
    added.ifPresent(
        place -> {
          all.removeIf(each -> each.root().equals(place.root()));
          all.add(0, place);
        });
    return new DomainEntry(next, registeredBy, registeredForOthers, former, all, stored);
  }

  /** Its document; other fields of the stored one do not change. */
  public ObjectNode toDocument() {
    return DocumentCodec.of(DomainEntry.class).write(this, Optional.of(stored));
  }

  /** True if an account acts for the domain, or acted for it at this time or later. */
  public boolean hadAccountSince(String account, Instant time) {
    return domain.accounts().contains(account)
        || formerAccounts.stream()
            .anyMatch(
                former -> former.account().equals(account) && !former.leftAt().isBefore(time));
  }

  /** The roots of its places of data, the newest first; empty if it has none. */
  public List<String> roots() {
    return places.stream().map(DataPlace::root).toList();
  }
}
