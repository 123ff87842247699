import Model
import Testing

@testable import Prose

@Suite struct NextStepTests {
    @Test(arguments: AttachReason.allCases.filter { $0 != .attached })
    func eachReasonForNothingHasANextStep(_ reason: AttachReason) throws {
        let name = try #require(SessionName("a"))
        for sessions in [[], [name]] {
            let nothing = NotAttached(reason, origin: "https://files.example.net", sessions: sessions)
            #expect(Prose.mend(nothing)?.isEmpty == false)
            let notice = Prose.notice(nothing, isRequired: true)
            #expect(notice.count == 2 && notice[0].hasPrefix("not sent: ") && notice[1].hasPrefix("mend: "))
        }
    }

    @Test func aRedirectIsNamedWithWhereItLeads() throws {
        let name = try #require(SessionName("a"))
        let left = Prose.mend(NotAttached(.left, origin: "https://files.example.net", sessions: [name]))
        #expect(left?.contains("lanyard set a for+=https://files.example.net") == true)
    }
}
