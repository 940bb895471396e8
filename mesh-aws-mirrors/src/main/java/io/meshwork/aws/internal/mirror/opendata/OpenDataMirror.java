package io.meshwork.aws.internal.mirror.opendata;

import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.mirror.Mirror;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The policies of the buckets of one account. Each has one statement for each domain with open data
 * in the bucket; all other statements belong to others. Used by one thread.
 */
public final class OpenDataMirror implements Mirror {
  private final OpenDataCatalog data;
  private final String account;
  private final BucketPolicies policies;

  /**
   * Creates the mirror.
   *
   * @param role the role of the mesh in the account
   */
  public OpenDataMirror(OpenDataCatalog data, RoleClients role) {
    this.data = data;
    this.account = role.account();
    this.policies = new BucketPolicies(role);
  }

  @Override
  public String name() {
    return OpenDataCatalog.mirrorOf(account);
  }

  @Override
  public Optional<String> account() {
    return Optional.of(account);
  }

  @Override
  public WantedObjects wanted() {
    return data.wanted(account);
  }

  @Override
  public Optional<ProductObjects> ofProduct() {
    return data.ofProduct(account);
  }

  @Override
  public Map<String, ServiceObject> actual(Set<String> keys) {
    Map<String, Optional<BucketPolicyText>> read = new TreeMap<>();
    Map<String, ServiceObject> objects = new TreeMap<>();
    for (String text : keys) {
      OpenDataKey key = OpenDataKey.parse(text);
      find(read.computeIfAbsent(key.bucket(), policies::read), key)
          .ifPresent(object -> objects.put(text, object));
    }
    return objects;
  }

  @Override
  public Optional<ServiceObject> read(String text) {
    OpenDataKey key = OpenDataKey.parse(text);
    return find(policies.read(key.bucket()), key);
  }

  private static Optional<ServiceObject> find(Optional<BucketPolicyText> policy, OpenDataKey key) {
    return contentIn(policy, key).map(content -> new ServiceObject(Optional.empty(), content, ""));
  }

  private static Optional<String> contentIn(Optional<BucketPolicyText> policy, OpenDataKey key) {
    return policy.flatMap(text -> text.statement(key.sid())).map(OpenDataStatement::contentOf);
  }

  @Override
  public List<ServiceCall> calls(ObjectChange change) {
    OpenDataKey key = OpenDataKey.parse(change.key());
    Optional<String> wanted = change.wanted().map(Image::content);
    return List.of(
        new ServiceCall(
            BucketPolicies.command(key.bucket(), key.sid(), wanted), () -> send(change, wanted)));
  }

  /**
   * S3 has no condition for changes of a policy: it is read again just before it is written, and
   * what others changed in between is lost.
   */
  private void send(ObjectChange change, Optional<String> wanted) {
    OpenDataKey key = OpenDataKey.parse(change.key());
    Optional<BucketPolicyText> policy = policies.read(key.bucket());
    Optional<String> now = contentIn(policy, key);
    if (now.equals(wanted)) {
      return;
    }
    if (!now.equals(change.actual().map(ServiceObject::content))) {
      throw Failure.of(MeshAction.of(Verb.UPDATE, BucketPolicies.nameOf(key.bucket())))
          .because("another program changed the statement " + key.sid() + " at the same time")
          .fix("Run the mirrors again.")
          .conflict(ErrorCode.CONFLICT);
    }
    Optional<String> text =
        wanted.isPresent()
            ? Optional.of(policy.orElseGet(BucketPolicyText::empty).with(key.sid(), wanted.get()))
            : policy.flatMap(before -> before.without(key.sid()));
    policies.write(key.bucket(), text);
  }
}
