package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** A place with registry and files in memory, which remain when a mesh is closed. */
record MemoryPlace(InMemoryRegistry registry, MemoryFileIO files) implements MeshPlace {
  private static final String ROOT = "memory:/mesh";

  @Override
  public Mesh.Builder open() {
    return Mesh.builder(new UnclosedRegistry(registry), files, ROOT);
  }

  @Override
  public Optional<MeshPlace> copy() {
    return Optional.of(new MemoryPlace(registry.copy(), files.copy()));
  }

  /**
   * Returns a digest of documents and files, which is equal for two copies of one place with equal
   * content. Content that is shared with the original is not read.
   */
  @SuppressWarnings("ReferenceEquality") // a copy shares unchanged content
  String digest(MemoryPlace original) {
    MessageDigest digest = Sha256.newDigest();
    SortedMap<Key, Document> before = original.registry.documents();
    registry
        .documents()
        .forEach(
            (key, document) ->
                add(
                    digest,
                    key.toString(),
                    document.equals(before.get(key))
                        ? null
                        : (document.version() + document.json()).getBytes(StandardCharsets.UTF_8)));
    SortedMap<String, byte[]> earlier = original.files.contents();
    files
        .contents()
        .forEach(
            (location, content) ->
                add(digest, location, content == earlier.get(location) ? null : content));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String name, byte @Nullable [] content) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    digest.update(
        (content == null ? " as before\n" : " " + content.length + "\n")
            .getBytes(StandardCharsets.UTF_8));
    if (content != null) {
      digest.update(content);
    }
  }

  @Override
  public void close() {
    registry.close();
  }

  /** A registry that is not closed with its mesh. */
  private static final class UnclosedRegistry extends ForwardingRegistry {
    UnclosedRegistry(Registry real) {
      super(real);
    }

    @Override
    public void close() {}
  }
}
