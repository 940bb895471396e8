package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.Optional;

/**
 * A name in a consumer's catalog that stands for a product or a whole domain of another, as it
 * stands in the registry. It gives no right to what it stands for. Immutable.
 *
 * @param consumer the domain whose catalog it is in
 * @param domain the domain that it stands for, or whose product it does
 * @param product the product; empty if it is the whole domain
 * @param major the major that was current when it was made or last moved; 0 for a whole domain
 * @param following true if it stands for the current major, whichever that is
 * @param createdBy who made it
 * @param stored its document; empty if it is about to be made
 */
public record LinkEntry(
    String consumer,
    LinkName name,
    String domain,
    Optional<ProductName> product,
    int major,
    boolean following,
    Principal createdBy,
    Optional<VersionedDocument> stored) {
  private static final String DOMAIN = "domain";
  private static final String PRODUCT = "product";
  private static final String MAJOR = "major";
  private static final String FOLLOWING = "following";

  static LinkEntry of(String consumer, VersionedDocument stored) {
    ObjectNode json = stored.json();
    Optional<ProductName> product =
        Optional.ofNullable(json.path(PRODUCT).textValue()).map(ProductName::of);
    return new LinkEntry(
        consumer,
        LinkName.of(stored.key().sort().substring(RegistryKeys.LINKS.length()).replace('/', '.')),
        product.map(ProductName::domain).orElseGet(() -> json.path(DOMAIN).asText()),
        product,
        json.path(MAJOR).asInt(),
        json.path(FOLLOWING).asBoolean(),
        Principal.of(json.path("account").asText(), json.path("role").asText()),
        Optional.of(stored));
  }

  /** What it stands for, as {@code domain/product} or {@code domain}. */
  public String target() {
    return product.map(ProductName::toString).orElse(domain);
  }

  /** The same link, standing for another product or another major. */
  public LinkEntry movedTo(ProductName other, int otherMajor, boolean follows) {
    return new LinkEntry(
        consumer, name, other.domain(), Optional.of(other), otherMajor, follows, createdBy, stored);
  }

  /** The same link, standing for another whole domain. */
  public LinkEntry movedTo(String otherDomain) {
    return new LinkEntry(
        consumer, name, otherDomain, Optional.empty(), 0, following, createdBy, stored);
  }

  /**
   * The change that writes it: {@code link.made}, or {@code link.moved} over the one that is there.
   *
   * @param before the link as it was read; empty if there is none
   */
  public <R> CommitDraft<R> written(Optional<LinkEntry> before, Principal by) {
    ObjectNode json =
        before
            .flatMap(LinkEntry::stored)
            .map(there -> there.json().deepCopy())
            .orElseGet(DocumentJson::create);
    json.remove(DOMAIN);
    json.remove(PRODUCT);
    json.remove(MAJOR);
    if (product.isPresent()) {
      json.put(PRODUCT, product.get().toString()).put(MAJOR, major);
    } else {
      json.put(DOMAIN, domain);
    }
    json.put(FOLLOWING, following);
    json.put("account", createdBy.account()).put("role", createdBy.role());
    CommitDraft<R> draft =
        CommitDraft.of(before.isPresent() ? "link.moved" : "link.made", by, target());
    addLogEntry(draft);
    before.ifPresent(
        was -> {
          draft.detail("previousTarget", was.target());
          if (was.product.isPresent()) {
            draft.detail("previousMajor", was.major);
          }
        });
    Optional<VersionedDocument> there = before.flatMap(LinkEntry::stored);
    return there.isPresent()
        ? draft.replace(there.get(), json)
        : draft.insert(RegistryKeys.link(consumer, name), json);
  }

  /** The change that takes it away: {@code link.removed}. */
  public <R> CommitDraft<R> removed(Principal by) {
    CommitDraft<R> draft = CommitDraft.of("link.removed", by, target());
    addLogEntry(draft);
    return draft.delete(stored.orElseThrow());
  }

  private void addLogEntry(CommitDraft<?> draft) {
    draft.detail("link", name.toString()).detail("target", target());
    if (product.isPresent()) {
      draft.detail("major", major);
      draft.detail(FOLLOWING, BooleanNode.valueOf(following));
    }
  }
}
