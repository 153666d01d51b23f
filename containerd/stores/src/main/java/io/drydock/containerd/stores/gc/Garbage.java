package io.drydock.containerd.stores.gc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What nothing reached when it was looked for. Until it is removed somebody may begin to use a part of it: that, and all it
 * refers to, is garbage no more. Used by one thread.
 */
final class Garbage {
    private final Set<Node> nodes;
    private final Map<Node, List<Node>> edges;
    private final List<Node> expiredLeases;
    private final Map<String, List<Node>> byName = new HashMap<>();
    private final ArrayDeque<Node> order;

    /** @param edges from every node, garbage or not */
    Garbage(Set<Node> nodes, Map<Node, List<Node>> edges, List<Node> expiredLeases) {
        this.nodes = nodes;
        this.edges = edges;
        this.expiredLeases = expiredLeases;
        nodes.forEach(node ->
                byName.computeIfAbsent(node.name(), name -> new ArrayList<>()).add(node));
        this.order = order();
    }

    /** Those that refer before those that are referred to: what is left at any time lacks nothing that it refers to. */
    private ArrayDeque<Node> order() {
        var order = new ArrayDeque<Node>();
        var seen = new HashSet<Node>();
        for (var start : nodes) {
            var path = new ArrayDeque<List<Node>>();
            visit(start, seen, path);
            while (!path.isEmpty()) {
                var left = path.peek();
                if (left.size() == 1) {
                    order.push(left.getFirst());
                    path.pop();
                } else {
                    visit(left.removeLast(), seen, path);
                }
            }
        }
        return order;
    }

    /** Puts a node, with the garbage it refers to behind it, on top of the path. */
    private void visit(Node node, Set<Node> seen, ArrayDeque<List<Node>> path) {
        if (nodes.contains(node) && seen.add(node)) {
            var list = new ArrayList<>(List.of(node));
            list.addAll(edges.getOrDefault(node, List.of()));
            path.push(list);
        }
    }

    List<Node> expiredLeases() {
        return expiredLeases;
    }

    /** Takes names that have been written meanwhile off, and all that they refer to. */
    void keep(Collection<String> names) {
        var work = new ArrayDeque<Node>();
        names.forEach(name -> work.addAll(byName.getOrDefault(name, List.of())));
        while (!work.isEmpty()) {
            var node = work.pop();
            if (nodes.remove(node)) {
                work.addAll(edges.getOrDefault(node, List.of()));
            }
        }
    }

    /** Up to so many that are to be removed next; none at the end. */
    List<Node> next(int most) {
        var batch = new ArrayList<Node>();
        while (batch.size() < most && !order.isEmpty()) {
            var node = order.poll();
            if (nodes.remove(node)) {
                batch.add(node);
            }
        }
        return batch;
    }
}
