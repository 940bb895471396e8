package io.meshwork;

import io.meshwork.card.ProductCard;
import io.meshwork.change.AmendContract;
import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.consume.Read;
import io.meshwork.consume.Subscribe;
import io.meshwork.contract.Contract;
import io.meshwork.event.Events;
import io.meshwork.governance.Governance;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.session.Cards;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.DomainQuality;
import io.meshwork.publish.History;
import io.meshwork.publish.HistoryEntry;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.QualityEntry;
import io.meshwork.publish.QualityHistory;
import io.meshwork.publish.Receipts;
import io.meshwork.publish.RollBack;
import io.meshwork.sharing.AccessOperation;
import io.meshwork.sharing.AccessPlan;
import io.meshwork.sharing.AccessRequest;
import io.meshwork.sharing.AnswerRequest;
import io.meshwork.sharing.ApproveRequest;
import io.meshwork.sharing.AuthorizationCard;
import io.meshwork.sharing.Authorize;
import io.meshwork.sharing.DecideRequest;
import io.meshwork.sharing.ExplainedAccess;
import io.meshwork.sharing.GrantByName;
import io.meshwork.sharing.GrantByTags;
import io.meshwork.sharing.GrantCard;
import io.meshwork.sharing.LinkResource;
import io.meshwork.sharing.RequestAccess;
import io.meshwork.sharing.ResourceLink;
import io.meshwork.sharing.Revoke;
import io.meshwork.sharing.TagChoice;
import io.meshwork.sharing.TagResource;
import io.meshwork.sharing.Unlink;
import io.meshwork.sharing.WhatIf;
import io.meshwork.sharing.WithdrawAuthorization;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * A principal acting on a mesh: the verbs. A verb of change returns an operation to {@code
 * commit()}; a question answers at once. Thread-safe; holds nothing to close.
 */
public final class MeshClient {
  private final Session session;

  MeshClient(Session session) {
    this.session = session;
  }

  /** Who acts. */
  public Principal principal() {
    return session.principal();
  }

  /** Registers a domain, or amends it. */
  public RegisterDomain registerDomain(String name) {
    return RegisterDomain.of(session, name);
  }

  /** Defines a product of a domain that the caller acts for, written {@code domain/product}. */
  public DefineProduct defineProduct(CharSequence product) {
    return DefineProduct.of(session, product);
  }

  /**
   * Changes the contract of a product of a domain that the caller acts for, as far as that breaks
   * nobody; say the contract, look at {@code plan()}, and {@code commit()}.
   */
  public AmendContract amendContract(CharSequence product) {
    return AmendContract.of(session, product);
  }

  /** The same with the whole new contract. */
  public AmendContract amendContract(CharSequence product, Contract contract) {
    return AmendContract.of(session, product, contract);
  }

  /** Adds one snapshot to a product of a domain that the caller acts for. */
  public Publish<GenericRecord> publish(CharSequence product) {
    return Publish.of(session, product);
  }

  /**
   * The receipt of the publish under a key; empty if nothing was committed under it so far. After
   * an unknown outcome run the publish again with the same key: that settles it.
   */
  public Optional<PublishReceipt> findReceipt(CharSequence product, String idempotencyKey) {
    return Receipts.find(session, product, idempotencyKey);
  }

  /** The receipts of a product that the caller acts for, oldest first. */
  public List<PublishReceipt> receipts(CharSequence product) {
    return Receipts.all(session, product);
  }

  /**
   * Brings the rows of an earlier snapshot back, as a publish of its own; for those who act for the
   * owner.
   */
  public RollBack rollBack(CharSequence product) {
    return RollBack.of(session, product);
  }

  /**
   * What happened to a product's rows: who did what, when, and how good the rows were; newest
   * first. Publishes and rollbacks that changed no row are left out, engines' commits are in. For
   * those who may read all of the product, and of majors that they may read all of; filters and
   * reasons are shown to its owner alone.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  public List<HistoryEntry> history(CharSequence product) {
    return History.of(session, product);
  }

  /**
   * How good the rows of the last accepted publishes were, with what was measured; newest first,
   * all majors together. Of each major the last 100 are kept, fewer where contracts have so many
   * rules that their measures take more than 128 KiB. For those who may read all of the product;
   * majors of which they may not are left out.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller may not read it
   */
  public List<QualityEntry> qualityHistory(CharSequence product) {
    return QualityHistory.of(session, product);
  }

  /**
   * How good a domain's data are: of the latest accepted publish of each live major of its products
   * the share of rules that held. Everybody may ask; majors of which the caller may not read all
   * columns and rows are left out.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such domain
   */
  public DomainQuality domainQuality(String domain) {
    return QualityHistory.ofDomain(session, domain);
  }

  /**
   * What happened to a product, written {@code domain/product}, to a domain, or to the mesh as a
   * whole, written {@code _mesh}: everything that the log says, oldest first. For those who act for
   * the domain; the mesh's own log is for everybody.
   */
  public Events events(CharSequence productOrDomain) {
    return Events.of(session, productOrDomain);
  }

  /** Rows set aside, with rule, reason and publish; for the producing domain only. */
  public Read<GenericRecord> quarantine(CharSequence product) {
    return Read.ofQuarantine(session, product);
  }

  /** Subscribes to a product: a durable, named relation with a purpose. */
  public Subscribe<GenericRecord> subscribe(CharSequence product) {
    return Subscribe.of(session, product);
  }

  /** A look without a subscription; no notice of a change will reach the reader. */
  public Read<GenericRecord> read(CharSequence product) {
    return Read.of(session, product);
  }

  /**
   * What a person asks about a product. Everybody may ask; how many rows it has is told to those
   * who may read all of them.
   *
   * @throws io.meshwork.error.NotFoundException if there is none, naming the nearest
   */
  public ProductCard describe(CharSequence product) {
    Target target = Target.consumed(session, product, "describe");
    String doing = "describe " + target.product();
    session.checkOpen(doing);
    ProductEntry entry = session.catalog().requireProduct(target.product(), doing);
    return Cards.of(session, entry, target.major().orElse(entry.currentMajor()));
  }

  /** The products of the mesh, by domain and name. */
  public List<ProductName> products() {
    session.checkOpen("list products");
    return session.catalog().products().stream().map(entry -> entry.name()).toList();
  }

  /** Tags a product, written {@code domain/product}, or a domain that the caller acts for. */
  public TagResource tag(CharSequence productOrDomain) {
    return TagResource.of(session, productOrDomain);
  }

  /**
   * Grants a product, or some of its columns and rows.
   *
   * @param productOrDomain such as {@code commerce/orders}; all products of a domain, such as
   *     {@code commerce}, can be granted too, and the plan says what is narrower
   */
  public GrantByName grant(CharSequence productOrDomain) {
    return GrantByName.of(session, productOrDomain);
  }

  /** Grants whatever carries some tags, now and later; see {@code TagChoice.where}. */
  public GrantByTags grantByTags(TagChoice where) {
    return GrantByTags.of(session, where);
  }

  /** Takes grants back, by the ids that {@link #grants} lists. */
  public Revoke revoke(String... ids) {
    return Revoke.of(session, ids);
  }

  /**
   * Lets somebody of another account carry out grants on a product, or on what a domain has.
   *
   * @param productOrDomain such as {@code commerce/orders} or {@code commerce}
   */
  public Authorize authorize(CharSequence productOrDomain) {
    return Authorize.of(session, productOrDomain);
  }

  /** Withdraws an authorization, by the id that {@link #authorizations()} lists. */
  public WithdrawAuthorization withdrawAuthorization(String id) {
    return WithdrawAuthorization.of(session, id);
  }

  /**
   * What the caller's domain authorized others to carry out.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<AuthorizationCard> authorizations() {
    return AuthorizationCard.all(session);
  }

  /**
   * What is authorized on a product, by way of its domain too, or on a domain as a whole: all of it
   * to those who act for the owner, and to others what they may carry out themselves.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such domain or product
   */
  public List<AuthorizationCard> authorizations(CharSequence productOrDomain) {
    return AuthorizationCard.on(session, productOrDomain);
  }

  /**
   * What several changes of rights would do together, each upon those before it; the plan's commit
   * does all of them or none, and gives the result of each. What another of them takes back is not
   * done. By itself each has a {@code plan()}.
   *
   * @param changes described by this client, and committed nowhere else
   * @throws io.meshwork.error.InvalidRequestException if none is named, one twice, or some are
   *     another principal's or another domain's
   * @throws io.meshwork.error.MeshException what one of them is refused with
   */
  public AccessPlan<List<Object>> whatIf(AccessOperation<?>... changes) {
    return WhatIf.of(session, changes);
  }

  /**
   * What the caller's domain granted, and what its accounts handed on.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<GrantCard> grants() {
    return GrantCard.all(session);
  }

  /**
   * May somebody read a product, and why or why not. Everybody may ask about himself, the product's
   * owner about anybody.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller asks about somebody else and does
   *     not act for the product's domain
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  public ExplainedAccess explainAccess(Principal principal, CharSequence product) {
    return ExplainedAccess.of(session, principal, product);
  }

  /**
   * Who may read a product, each with the path; and then, not allowed, with whom it is shared but
   * was handed to nobody. For those who act for its domain.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
  public List<ExplainedAccess> whoCanRead(CharSequence product) {
    return ExplainedAccess.whoCanRead(session, product);
  }

  /**
   * Makes a product, written {@code domain/product}, or a whole domain appear in the catalog of the
   * caller's domain. Whatever consumes takes the link's name, {@code database.table}, for the
   * product's.
   */
  public LinkResource linkResource(CharSequence productOrDomain) {
    return LinkResource.of(session, productOrDomain);
  }

  /**
   * The links in the catalog of the caller's domain by name, each with what is missing to read by
   * it; the products of a whole domain come after its link.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<ResourceLink> links() {
    return ResourceLink.all(session);
  }

  /** Takes a link out of the catalog of the caller's domain, by its name. */
  public Unlink unlink(CharSequence link) {
    return Unlink.of(session, link);
  }

  /**
   * Asks the owner of a product for access. Said again while the request is open, it is the same
   * request, or amends it.
   */
  public RequestAccess requestAccess(CharSequence product) {
    return RequestAccess.of(session, product);
  }

  /**
   * The requests that the caller's domain decides on: open ones first, and of those the oldest.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<AccessRequest> requests() {
    return AccessRequest.queue(session);
  }

  /**
   * The requests that the caller's domain asked, of all its roles, in the same order.
   *
   * @throws io.meshwork.error.InvalidRequestException if the account acts for no domain
   */
  public List<AccessRequest> ownRequests() {
    return AccessRequest.own(session);
  }

  /**
   * Approves a request to the caller's domain, as it was looked at or less of it: one that was
   * asked in other terms since, or that the contract calls more or less sensitive now, is refused.
   */
  public ApproveRequest approve(AccessRequest lookedAt) {
    return ApproveRequest.of(session, lookedAt);
  }

  /**
   * Approves a request to the caller's domain, or less of it, as it is when that is committed,
   * which may be other than it was looked at: for scripts. Who looks at it says {@link
   * #approve(AccessRequest)}.
   */
  public ApproveRequest approve(String id) {
    return ApproveRequest.of(session, id);
  }

  /** Denies a request to the caller's domain, as it was looked at; otherwise it is refused. */
  public DecideRequest deny(AccessRequest lookedAt) {
    return DecideRequest.deny(session, lookedAt);
  }

  /** Denies a request to the caller's domain, in whatever terms it is asked now. */
  public DecideRequest deny(String id) {
    return DecideRequest.deny(session, id);
  }

  /** Asks the requester something before the request is decided. */
  public DecideRequest askBack(String id) {
    return DecideRequest.askBack(session, id);
  }

  /** Answers what the owner asked back on a request of the caller's domain. */
  public AnswerRequest answer(String id) {
    return AnswerRequest.of(session, id);
  }

  /**
   * Takes back a request of the caller's domain that is not settled; every role of it may. Said
   * again it does nothing more.
   */
  public Operation<AccessRequest> withdraw(String id) {
    return AccessRequest.withdrawing(session, id);
  }

  /** What stewards do for the domain that they act for. */
  public Governance governance() {
    return Governance.of(session);
  }
}
