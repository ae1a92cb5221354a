/// The faults that are still to strike, in the order in which they were planned.
struct FaultPlan {
    private(set) var faults: [Sandbox.Fault] = []

    mutating func append(_ more: [Sandbox.Fault]) {
        faults += more
    }

    /// The first fault that strikes a call of this kind; it is used up by that, unless it strikes again.
    mutating func take(
        for kind: Sandbox.Fault.Target?, using generator: inout some RandomNumberGenerator
    ) -> Sandbox.Fault? {
        for index in faults.indices where faults[index].on == .any || faults[index].on == kind {
            let fault = faults[index]
            if fault.skip > 0 {
                faults[index].skip -= 1
                continue
            }
            // Only a matter of chance draws, so that a seed means the same with certain faults beside it.
            if fault.chance < 1, Double.random(in: 0..<1, using: &generator) >= fault.chance {
                continue
            }
            switch fault.times {
            case 0: break
            case 1: faults.remove(at: index)
            default: faults[index].times -= 1
            }
            return fault
        }
        return nil
    }
}
