package io.meshwork.testkit.aws.internal.lake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** A resource share that Lake Formation created for a principal. Guarded by {@link LakeState}. */
public final class ResourceShare {
  private final UUID id;
  private final CatalogKey owner;
  private final String principal;
  private final Type type;
  private final long created;
  private final Set<String> resources = new TreeSet<>();
  private Status status;

  /** The type of the resources of a share: one share has resources of one type. */
  enum Type {
    CATALOG("glue:Catalog"),
    DATABASE("glue:Database"),
    TABLE("glue:Table");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** Returns the type of the share for a grant. */
    static Type of(LakeResource resource) {
      return switch (resource.kind()) {
        case DATABASE -> DATABASE;
        case TABLE, COLUMNS, FILTER -> TABLE;
        default -> CATALOG;
      };
    }
  }

  /** The status of the invitation; members of an organization need none. */
  public enum Status {
    NOT_NEEDED,
    PENDING,
    ACCEPTED,
    REJECTED,
    EXPIRED
  }

  ResourceShare(UUID id, CatalogKey owner, String principal, Type type, Status status) {
    this.id = id;
    this.owner = owner;
    this.principal = principal;
    this.type = type;
    this.status = status;
    created = System.currentTimeMillis() / 1000;
  }

  public CatalogKey owner() {
    return owner;
  }

  public String principal() {
    return principal;
  }

  Type type() {
    return type;
  }

  public Set<String> resources() {
    return resources;
  }

  public Status status() {
    return status;
  }

  public void setStatus(Status status) {
    this.status = status;
  }

  public boolean isAccepted() {
    return status == Status.NOT_NEEDED || status == Status.ACCEPTED;
  }

  /** Returns the account that gets the invitation; the organization, if the share is for one. */
  String recipient() {
    return AccountOrganizations.isOrganization(principal)
        ? principal
        : LakePrincipals.account(principal);
  }

  public String name() {
    return "LakeFormation-V3-" + type + "-" + id;
  }

  public String arn() {
    return arn("resource-share");
  }

  public String invitationArn() {
    return arn("resource-share-invitation");
  }

  public ObjectNode json() {
    return timed(JsonNodeFactory.instance.objectNode())
        .put("resourceShareArn", arn())
        .put("name", name())
        .put("owningAccountId", owner.account())
        .put("allowExternalPrincipals", true)
        .put("status", "ACTIVE")
        .put("featureSet", "STANDARD");
  }

  public ObjectNode invitation() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("resourceShareInvitationArn", invitationArn())
        .put("resourceShareArn", arn())
        .put("resourceShareName", name())
        .put("senderAccountId", owner.account())
        .put("receiverAccountId", recipient())
        .put("invitationTimestamp", created)
        .put("status", status.name());
  }

  public ObjectNode resource(String arn) {
    return timed(JsonNodeFactory.instance.objectNode())
        .put("arn", arn)
        .put("type", type.text)
        .put("resourceShareArn", arn())
        .put("status", isAccepted() ? "AVAILABLE" : "PENDING")
        .put("resourceRegionScope", "REGIONAL");
  }

  public ObjectNode principalJson() {
    return timed(JsonNodeFactory.instance.objectNode())
        .put("id", principal)
        .put("resourceShareArn", arn())
        .put("external", status != Status.NOT_NEEDED);
  }

  public ObjectNode association(String kind, String entity) {
    return timed(JsonNodeFactory.instance.objectNode())
        .put("resourceShareArn", arn())
        .put("resourceShareName", name())
        .put("associatedEntity", entity)
        .put("associationType", kind)
        .put("status", kind.equals("RESOURCE") || isAccepted() ? "ASSOCIATED" : "ASSOCIATING")
        .put("external", kind.equals("PRINCIPAL") && status != Status.NOT_NEEDED);
  }

  private ObjectNode timed(ObjectNode json) {
    return json.put("creationTime", created).put("lastUpdatedTime", created);
  }

  private String arn(String resource) {
    return "arn:aws:ram:" + owner.region() + ":" + owner.account() + ":" + resource + "/" + id;
  }
}
