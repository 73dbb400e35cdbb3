//! The largest flow through a network of whole capacities (Dinic's algorithm).

pub(super) struct Network {
    /// Edges leaving each vertex; an edge's reverse is its number with the last bit turned.
    leaving: Vec<Vec<usize>>,
    to: Vec<usize>,
    left: Vec<i64>,
}

impl Network {
    pub fn new(vertices: usize) -> Self {
        Self {
            leaving: vec![vec![]; vertices],
            to: vec![],
            left: vec![],
        }
    }

    pub fn vertex(&mut self) -> usize {
        self.leaving.push(vec![]);
        self.leaving.len() - 1
    }

    /// Adds an edge and gives its number.
    pub fn edge(&mut self, from: usize, to: usize, capacity: i64) -> usize {
        let number = self.to.len();
        self.leaving[from].push(number);
        self.leaving[to].push(number + 1);
        self.to.extend([to, from]);
        self.left.extend([capacity, 0]);
        number
    }

    /// What flows through an edge.
    pub fn flow(&self, edge: usize) -> i64 {
        self.left[edge ^ 1]
    }

    /// Sends as much as possible, up to `most`; gives the amount.
    pub fn run(&mut self, source: usize, sink: usize, most: i64) -> i64 {
        let mut sent = 0;
        while sent < most {
            let level = self.levels(source);
            if level[sink] == usize::MAX {
                break;
            }
            let mut next = vec![0; self.leaving.len()];
            loop {
                let more = self.push(source, sink, most - sent, &level, &mut next);
                if more == 0 {
                    break;
                }
                sent += more;
            }
        }
        sent
    }

    /// Vertices that can still be reached: the source's side of a smallest cut after `run`.
    pub fn reached(&self, source: usize) -> Vec<bool> {
        self.levels(source)
            .into_iter()
            .map(|level| level != usize::MAX)
            .collect()
    }

    fn levels(&self, source: usize) -> Vec<usize> {
        let mut level = vec![usize::MAX; self.leaving.len()];
        level[source] = 0;
        let mut queue = vec![source];
        let mut at = 0;
        while at < queue.len() {
            let from = queue[at];
            at += 1;
            for &edge in &self.leaving[from] {
                let to = self.to[edge];
                if self.left[edge] > 0 && level[to] == usize::MAX {
                    level[to] = level[from] + 1;
                    queue.push(to);
                }
            }
        }
        level
    }

    fn push(
        &mut self,
        at: usize,
        sink: usize,
        most: i64,
        level: &[usize],
        next: &mut [usize],
    ) -> i64 {
        if at == sink || most == 0 {
            return most;
        }
        while next[at] < self.leaving[at].len() {
            let edge = self.leaving[at][next[at]];
            let to = self.to[edge];
            if self.left[edge] > 0 && level[to] == level[at] + 1 {
                let sent = self.push(to, sink, most.min(self.left[edge]), level, next);
                if sent > 0 {
                    self.left[edge] -= sent;
                    self.left[edge ^ 1] += sent;
                    return sent;
                }
            }
            next[at] += 1;
        }
        0
    }
}
