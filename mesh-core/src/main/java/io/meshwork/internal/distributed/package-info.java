/**
 * A publish whose rows the tasks of an engine check and write: the settings that they get, what
 * each does with its rows, and the commit of their results. Knows no engine.
 */
@NullMarked
package io.meshwork.internal.distributed;

import org.jspecify.annotations.NullMarked;
