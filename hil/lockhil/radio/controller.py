"""A radio in the air: bumble's controller, with what it does wrong put right.

All defects of bumble 0.0.236 that matter here are mended in this file and nowhere else; each place
says what was wrong.
"""

from typing import TYPE_CHECKING, Any

from bumble import hci, ll
from bumble.controller import Connection, Controller
from bumble.core import PhysicalTransport

from lockhil.radio.link import Link, Packet

if TYPE_CHECKING:
    from lockhil.radio.air import Air

OK = hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)
_ADV_IND, _ADV_SCAN_IND, _ADV_NONCONN_IND = 0, 2, 3
_SCAN_RSP = 4
_LOCAL_HOST = 0x16
_NO_SUCH_CONNECTION = 0x02
_ACTIVE_SCAN = 1


class Radio(Controller):
    """One controller in an air."""

    # One set of legacy adverts, as the units and old phones have: bumble's extended ones have no
    # scan response of their own.
    le_features = Controller.le_features & ~(
        hci.LeFeatureMask.LE_EXTENDED_ADVERTISING | hci.LeFeatureMask.LE_PERIODIC_ADVERTISING
    )
    # Packets as long as a link layer of 4.2 carries; bumble's are those of 4.0.
    le_acl_data_packet_length = 251
    supported_max_tx_octets = supported_max_rx_octets = 251

    def __init__(self, air: "Air", name: str, public: hci.Address) -> None:
        super().__init__(name, public_address=public)
        self.air = air
        self.link = air
        self._heard: set[tuple[str, int]] = set()

    def on_packet(self, packet: bytes) -> None:
        self.air.captured(self.name, packet, sent=True)
        super().on_packet(packet)

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        self.air.captured(self.name, bytes(packet), sent=False)
        super().send_hci_packet(packet)

    # Adverts.

    @property
    def advertises(self) -> bool:
        """Whether adverts of it are in the air."""
        return bool(self.le_legacy_advertiser.enabled)

    @property
    def advert_interval_ms(self) -> float:
        """Between two of them; bumble takes the number for milliseconds, it counts 0.625 ms."""
        return float(self.le_legacy_advertiser.advertising_interval_min) * 0.625

    @property
    def listens(self) -> bool:
        """Whether it would hear an advert."""
        return self.le_scan_enable or self.pending_le_connection is not None

    def on_hci_le_set_advertising_enable_command(self, command: Any) -> Any:
        # Bumble would send each advert whether anybody listens or not.
        self.le_legacy_advertiser.enabled = bool(command.advertising_enable)
        self.air.adverts_changed(self)
        return OK

    def on_hci_le_set_scan_enable_command(self, command: Any) -> Any:
        self._heard.clear()
        answer = super().on_hci_le_set_scan_enable_command(command)
        self.air.listeners_changed()
        return answer

    def hear(self, advertiser: "Radio", rssi_dbm: int, *, response: bool) -> None:
        """An advert of another one arrived; `response`: and so would its scan response.

        Bumble gives the advert out as the scan response too.
        """
        said = advertiser.le_legacy_advertiser
        if self.le_scan_enable:
            self._report(said.advertising_type, said.address, said.advertising_data, rssi_dbm)
            scannable = said.advertising_type in (_ADV_IND, _ADV_SCAN_IND)
            if response and scannable and self.le_scan_type == _ACTIVE_SCAN:
                self._report(_SCAN_RSP, said.address, said.scan_response_data, rssi_dbm)
        wanted = self.pending_le_connection
        if (
            wanted is not None
            and wanted.peer_address == said.address
            and said.advertising_type == _ADV_IND
            and said.address not in self.le_connections
        ):
            self.air.connect(self, advertiser)

    def _report(self, kind: int, address: hci.Address, data: bytes, rssi_dbm: int) -> None:
        if self.filter_duplicates and (str(address), kind) in self._heard:
            return
        self._heard.add((str(address), kind))
        report = hci.HCI_LE_Advertising_Report_Event.Report(
            event_type=kind,
            address_type=address.address_type,
            address=address,
            data=data,
            rssi=rssi_dbm,
        )
        self.send_hci_packet(hci.HCI_LE_Advertising_Report_Event([report]))

    # Connections.

    def on_hci_le_create_connection_command(self, command: Any) -> None:
        super().on_hci_le_create_connection_command(command)
        self.air.listeners_changed()

    def on_hci_le_create_connection_cancel_command(self, _command: Any) -> Any:
        # Bumble forgets nothing, and whoever gave up waits for ever.
        wanted, self.pending_le_connection = self.pending_le_connection, None
        self.air.listeners_changed()
        if wanted is None:
            return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.COMMAND_DISALLOWED_ERROR)
        self._connected(_NO_SUCH_CONNECTION, 0, hci.Role.CENTRAL, wanted.peer_address)
        return OK

    def join(
        self, role: hci.Role, own: hci.Address, peer: hci.Address, interval_ms: float, timeout: int
    ) -> int:
        """A connection begins; its handle here. Bumble tells its peripherals made-up timings."""
        handle: int = self.allocate_connection_handle()
        self.le_connections[peer] = Connection(
            controller=self,
            handle=handle,
            role=role,
            self_address=own,
            peer_address=peer,
            link=self.air,
            transport=PhysicalTransport.LE,
            link_type=hci.HCI_Connection_Complete_Event.LinkType.ACL,
        )
        self._connected(0, handle, role, peer, timing=(round(interval_ms / 1.25), timeout // 10))
        if role == hci.Role.CENTRAL:
            self.pending_le_connection = None
        else:
            self.le_legacy_advertiser.enabled = False
        return handle

    def _connected(
        self,
        status: int,
        handle: int,
        role: hci.Role,
        peer: hci.Address,
        *,
        timing: tuple[int, int] = (0, 0),
    ) -> None:
        self.send_hci_packet(
            hci.HCI_LE_Connection_Complete_Event(
                status=status,
                connection_handle=handle,
                role=role,
                peer_address_type=peer.address_type,
                peer_address=peer,
                connection_interval=timing[0],
                peripheral_latency=0,
                supervision_timeout=timing[1],
                central_clock_accuracy=0,
            )
        )

    def left(self, handle: int, reason: int) -> None:
        """A connection is over."""
        connection = self.find_le_connection_by_handle(handle)
        if connection is not None:
            self.on_le_disconnected(connection, reason)

    def on_hci_disconnect_command(self, command: Any) -> None:
        # Bumble ends it on both sides at once, in range or not, and tells both the same reason.
        link = self.air.link_at(self, command.connection_handle)
        if link is None:
            self._send_hci_command_status(_NO_SUCH_CONNECTION, command.op_code)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        self.air.hang_up(link, self, command.reason, _LOCAL_HOST)

    def on_hci_acl_data_packet(self, packet: hci.HCI_AclDataPacket) -> None:
        # Bumble says at once that a packet was sent, so that nobody ever has to wait; hands over
        # whole L2CAP packets, however long; and finds the receiver by a sender's random address.
        link = self.air.link_at(self, packet.connection_handle)
        if link is None:
            return
        first = 1 if packet.pb_flag == 1 else 2

        def arrive(link: Link = link) -> None:
            peer = link.peer(self)
            if peer is not None:
                peer.send_hci_packet(
                    hci.HCI_AclDataPacket(
                        link.ends[peer], first, 0, packet.data_total_length, packet.data
                    )
                )

        def gone() -> None:
            self.send_hci_packet(
                hci.HCI_Number_Of_Completed_Packets_Event(
                    connection_handles=[packet.connection_handle], num_completed_packets=[1]
                )
            )

        link.send(self, Packet(arrive, gone))

    def on_hci_le_connection_update_command(self, command: Any) -> None:
        link = self.air.link_at(self, command.connection_handle)
        if link is None:
            self._send_hci_command_status(_NO_SUCH_CONNECTION, command.op_code)
            return
        self._send_hci_command_status(hci.HCI_COMMAND_STATUS_PENDING, command.op_code)
        interval, timeout = command.connection_interval_max, command.supervision_timeout

        def arrive(link: Link = link) -> None:
            link.update(interval * 1.25, timeout * 10)
            for radio, handle in link.ends.items():
                radio.send_hci_packet(
                    hci.HCI_LE_Connection_Update_Complete_Event(
                        status=0,
                        connection_handle=handle,
                        connection_interval=interval,
                        peripheral_latency=0,
                        supervision_timeout=timeout,
                    )
                )

        link.send(self, Packet(arrive))

    # The rest.

    def on_hci_reset_command(self, command: Any) -> Any:
        # Bumble resets nothing: who comes next on this controller would find what was before.
        self.silence()
        return super().on_hci_reset_command(command)

    def silence(self) -> None:
        """Stop all, without a word to anybody."""
        self.le_legacy_advertiser.enabled = False
        self.le_scan_enable = False
        self.pending_le_connection = None
        self.air.vanish(self)
        self.le_connections.clear()

    def on_hci_read_rssi_command(self, command: Any) -> Any:
        # Bumble claims to know this command, and doesn't.
        link = self.air.link_at(self, command.handle)
        rssi = self.air.rssi(link) if link is not None else 127
        status = hci.HCI_ErrorCode(0 if link is not None else _NO_SUCH_CONNECTION)
        return hci.HCI_Read_RSSI_ReturnParameters(status=status, handle=command.handle, rssi=rssi)

    def on_hci_le_rand_command(self, _command: Any) -> Any:
        # Bumble's comes from the machine: no two runs would be alike.
        return hci.HCI_LE_Rand_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS, random_number=self.air.chance.randbytes(8)
        )

    def control(self, sender: hci.Address, pdu: ll.ControlPdu) -> None:
        """A link layer's own message arrived."""
        self.on_ll_control_pdu(sender, pdu)
