package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The stored entry of a link: a name in a consumer's catalog that points to a product or a whole
 * domain. It grants nothing. Immutable.
 *
 * @param consumer the domain whose catalog it is in
 * @param domain the domain that it points to, or its product's
 * @param product the product; empty for a whole domain
 * @param major the major that was current when it was created or last moved; 0 for a whole domain
 * @param following true if it follows the current major
 * @param createdBy the principal that created it
 * @param stored its document; empty for a new link
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
  /** Its document; the target is a domain or a product. */
  private record StoredLink(
      Optional<String> domain,
      Optional<ProductName> product,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) int major,
      boolean following,
      @JsonUnwrapped Principal createdBy) {}

  static LinkEntry of(String consumer, VersionedDocument stored) {
    StoredLink link = DocumentCodec.of(StoredLink.class).read(stored);
    return new LinkEntry(
        consumer,
        LinkName.of(stored.key().sort().substring(RegistryKeys.LINKS.length()).replace('/', '.')),
        link.product.map(ProductName::domain).or(link::domain).orElse(""),
        link.product,
        link.major,
        link.following,
        link.createdBy,
        Optional.of(stored));
  }

  /** Its target, as {@code domain/product} or {@code domain}. */
  public String target() {
    return product.map(ProductName::toString).orElse(domain);
  }

  /**
   * Returns the major that it points to.
   *
   * @param current the current major of the product
   */
  public int majorOf(int current) {
    return product.isEmpty() || following ? current : major;
  }

  /** The same link with another product or another major. */
  public LinkEntry movedTo(ProductName other, int otherMajor, boolean follows) {
    return new LinkEntry(
        consumer, name, other.domain(), Optional.of(other), otherMajor, follows, createdBy, stored);
  }

  /** The same link with another whole domain. */
  public LinkEntry movedTo(String otherDomain) {
    return new LinkEntry(
        consumer, name, otherDomain, Optional.empty(), 0, following, createdBy, stored);
  }

  /**
   * The commit that writes it: {@code link.made}, or {@code link.moved} if it exists.
   *
   * @param partition the partition of the consumer's links
   * @param previous the existing link
   */
  public <R> CommitDraft<R> write(String partition, Optional<LinkEntry> previous, Principal by) {
    Optional<VersionedDocument> existing = previous.flatMap(LinkEntry::stored);
    Optional<String> wholeDomain = product.isPresent() ? Optional.empty() : Optional.of(domain);
    ObjectNode json =
        DocumentCodec.of(StoredLink.class)
            .write(new StoredLink(wholeDomain, product, major, following, createdBy), existing);
    CommitDraft<R> draft =
        CommitDraft.of(previous.isPresent() ? "link.moved" : "link.made", by, target());
    draft.details(details(previous));
    return existing.isPresent()
        ? draft.replace(existing.get(), json)
        : draft.insert(RegistryKeys.link(partition, name), json);
  }

  /** The commit that removes it: {@code link.removed}. */
  public <R> CommitDraft<R> remove(Principal by) {
    return CommitDraft.<R>of("link.removed", by, target())
        .details(details(Optional.empty()))
        .delete(stored.orElseThrow());
  }

  private EventDetails.LinkChange details(Optional<LinkEntry> previous) {
    return new EventDetails.LinkChange(
        name.toString(),
        target(),
        namedMajor(),
        following,
        previous.map(LinkEntry::target),
        previous.map(LinkEntry::namedMajor).orElseGet(OptionalInt::empty));
  }

  private OptionalInt namedMajor() {
    return product.isPresent() ? OptionalInt.of(major) : OptionalInt.empty();
  }
}
