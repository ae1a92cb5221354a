/// The faults that are still to strike, in the order in which they were planned.
struct FaultPlan {
    private(set) var faults: [Sandbox.Fault] = []

    mutating func append(_ more: [Sandbox.Fault]) {
        faults += more
    }

    /// The first fault for a call of this kind; it is used up by that, unless it strikes again.
    mutating func take(for kind: Sandbox.Fault.Target?) -> Sandbox.Fault? {
        guard let index = faults.firstIndex(where: { $0.on == .any || $0.on == kind }) else {
            return nil
        }
        let fault = faults[index]
        switch fault.times {
        case 0: break
        case 1: faults.remove(at: index)
        default: faults[index].times -= 1
        }
        return fault
    }
}
