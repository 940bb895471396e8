package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Stored;
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
    Optional<Stored> stored) {
  private static final String DOMAIN = "domain";
  private static final String PRODUCT = "product";
  private static final String MAJOR = "major";
  private static final String FOLLOWING = "following";

  static LinkEntry of(String consumer, Stored stored) {
    ObjectNode json = stored.json();
    Optional<ProductName> product =
        Optional.ofNullable(json.path(PRODUCT).textValue()).map(ProductName::of);
    return new LinkEntry(
        consumer,
        LinkName.of(stored.key().sort().substring(Keys.LINKS.length()).replace('/', '.')),
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
  public <R> Draft<R> written(Optional<LinkEntry> before, Principal by) {
    ObjectNode json =
        before
            .flatMap(LinkEntry::stored)
            .map(there -> there.json().deepCopy())
            .orElseGet(Documents::create);
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
    Draft<R> draft = Draft.of(before.isPresent() ? "link.moved" : "link.made", by, target());
    tell(draft);
    before.ifPresent(
        was -> {
          draft.detail("previousTarget", was.target());
          if (was.product.isPresent()) {
            draft.detail("previousMajor", was.major);
          }
        });
    Optional<Stored> there = before.flatMap(LinkEntry::stored);
    return there.isPresent()
        ? draft.replace(there.get(), json)
        : draft.insert(Keys.link(consumer, name), json);
  }

  /** The change that takes it away: {@code link.removed}. */
  public <R> Draft<R> removed(Principal by) {
    Draft<R> draft = Draft.of("link.removed", by, target());
    tell(draft);
    return draft.delete(stored.orElseThrow());
  }

  private void tell(Draft<?> draft) {
    draft.detail("link", name.toString()).detail("target", target());
    if (product.isPresent()) {
      draft.detail("major", major);
      draft.detail(FOLLOWING, BooleanNode.valueOf(following));
    }
  }
}
