package io.meshwork.event;

import java.util.List;

/**
 * Lists the events of one log, oldest first. {@code MeshClient.events(..)} creates it for a
 * product, written {@code domain/product}, a domain, or the mesh, written {@code _mesh}. In a mesh
 * of several catalogs, {@code _mesh/@catalog} is the log of one catalog, and {@code
 * domain/@catalog} the log of what a domain writes as a guest of one. On AWS, {@code
 * domain/@catalog} is also the log of what a domain writes as a consumer in its home catalog, which
 * is {@code mesh} if there is only one. Not thread-safe.
 */
public interface Events {
  /**
   * Lists only events after this sequence number: pass the last one that you processed. Default: 0,
   * all events.
   *
   * @param sequence 0 or more
   */
  Events after(long sequence);

  /**
   * Lists at most this many events, the oldest. Default: all.
   *
   * @param events at least 1
   */
  Events limit(int events);

  /**
   * Returns the events, oldest first.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the domain; the
   *     mesh's own log is open to every caller
   * @throws io.meshwork.error.NotFoundException if the product or domain does not exist
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  List<MeshEvent> list();
}
