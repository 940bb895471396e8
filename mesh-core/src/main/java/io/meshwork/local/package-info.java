/**
 * The embedded backend: the registry in one SQLite file, the rows in files beside it.
 *
 * <p>Start at {@code SqliteRegistry}. Invariant: {@code java.sql} is used here and nowhere else,
 * and a writer's lock is held only while a transaction is decided and written. Sits on top: it may
 * import every other room, and none imports it.
 */
@NullMarked
package io.meshwork.local;

import org.jspecify.annotations.NullMarked;
