/**
 * What a command prints and says: its streams, answers as documents and lines, and messages.
 *
 * <p>Start at {@link io.meshwork.cli.internal.shell.CommandShell}. Imports no other package of this
 * module.
 */
@NullMarked
package io.meshwork.cli.internal.shell;

import org.jspecify.annotations.NullMarked;
